// SPDX-License-Identifier: Apache-2.0

import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { authorityDiffers, type UsablePeer } from './connection-profile';

const timeoutMs = 5_000;

/**
 * Checks that peers show certificates of the TLS authorities that a profile names. Otherwise every call would fail as
 * if the peer did not answer. A peer that really does not answer is no error here; the call that needs it reports it.
 *
 * @param file - the profile, for a message
 * @throws CommandError PROFILE_AUTHORITY_DIFFERS
 */
export async function requireAuthorities(peers: readonly UsablePeer[], file: string): Promise<void> {
  const trusted = await Promise.all(peers.map(isTrusted));
  const stranger = peers.find((_peer, index) => trusted[index] === false);
  if (stranger !== undefined) throw authorityDiffers(stranger.name, file);
}

/** @returns undefined when the peer does not answer */
function isTrusted({ endpoint, hostAlias, tlsCaCert }: UsablePeer): Promise<boolean | undefined> {
  const at = endpoint.lastIndexOf(':');
  return new Promise((resolve) => {
    const socket = connect({
      host: endpoint.slice(0, at),
      port: Number(endpoint.slice(at + 1)),
      ca: tlsCaCert,
      ALPNProtocols: ['h2'],
      // `authorized` distinguishes a wrong certificate from a failed connection, which an error would not.
      rejectUnauthorized: false,
      ...(isIP(hostAlias) === 0 ? { servername: hostAlias } : {}),
    });
    const end = (verdict: boolean | undefined): void => {
      socket.destroy();
      resolve(verdict);
    };
    socket.setTimeout(timeoutMs, () => {
      end(undefined);
    });
    socket.once('secureConnect', () => {
      end(socket.authorized);
    });
    socket.once('error', () => {
      end(undefined);
    });
  });
}
