// SPDX-License-Identifier: Apache-2.0

import { type Configuration } from '@gridpeg/protocol';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Logger } from 'pino';
import { type ChainView } from '../notary/chains/chain-view';
import { type NotaryConfig } from '../notary/chains/notary-config';
import { Signer } from '../notary/signing/signer';
import { SigningHealth } from '../notary/signing/signing-health';
import { openSigningKey } from '../notary/signing/signing-key';
import { SigningHistory } from '../notary/slashing-protection/signing-history';
import { historyFileOf } from '../notary/slashing-protection/signing-record';
import { type SourceCheck } from '../notary/watch/source-check';
import { type CredentialReload } from './credential-reload';
import { type StopInReverse } from './stop-in-reverse';

/** What a key signs to show that it can sign. The bytes of a certificate never begin like this. */
const selfTest = Buffer.from('gridpeg/v1/notary-self-test');

/** What signing rests on. */
interface SigningParts {
  readonly config: NotaryConfig;
  readonly credentials: CredentialReload;
  readonly chains: readonly ChainView[];
  readonly source: SourceCheck;
  readonly log: Logger;
}

/** Opens the key and its history, and signs with them. */
export async function openSigning(
  { config, credentials, chains, source, log }: SigningParts,
  stopping: StopInReverse,
): Promise<SigningHealth> {
  const { mspId } = config;
  const key = await openSigningKey(config.signingKey, {
    environment: config.environment ?? {},
    tls: () => ({
      own: credentials.current.identity,
      authorities: credentials.current.signerAuthorities ?? [],
    }),
  });
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const signingHistory = await SigningHistory.open(join(config.dataDir, historyFileOf(key.publicKey)));
  stopping.add(() => signingHistory.close());
  const signing = new SigningHealth({
    signer: new Signer({ mspId, key, signingHistory, source, configurations: () => configurationsOf(chains) }),
    probe: async () => {
      await signingHistory.probe();
      await key.sign(selfTest);
    },
    log,
  });
  stopping.add(() => {
    signing.close();
  });
  return signing;
}

/** The configurations in force on these chains, without those that have not been read. */
export function configurationsOf(chains: readonly ChainView[]): readonly Configuration[] {
  return chains.flatMap(({ configuration }) => configuration ?? []);
}
