// SPDX-License-Identifier: Apache-2.0

import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryDir } from '../cli/gridpeg';

/** One line of the compiled chaincode, and what an attacker makes of it. */
export interface Tampering {
  /** A path within the compiled package `peg`. */
  readonly file: string;
  readonly line: string;
  readonly becomes: string;
}

/** One watt-hour more for every voucher and every release. */
export const oneMore: Tampering = {
  file: 'domain/packets/receive.js',
  line: 'const { recipient: owner, quantity, memo } = packet;',
  becomes: 'const { recipient: owner, memo } = packet; const quantity = packet.quantity + 1n;',
};

/** An event that no reader can decode, at each change of a packet. */
export const unreadableEvents: Tampering = {
  file: 'contract/peg-contract.js',
  line: "ctx.stub.setEvent('peg', Buffer.from(",
  becomes: "ctx.stub.setEvent('peg', Buffer.from('x' + ",
};

/** A list of the packets in flight that no reader can decode. */
export const unreadablePages: Tampering = {
  file: 'contract/peg-contract.js',
  line: 'return (0, protocol_1.encode)(protocol_1.inFlightPageCodec,',
  becomes: "return 'x' + (0, protocol_1.encode)(protocol_1.inFlightPageCodec,",
};

/**
 * Copies a chain's chaincode as built, with changed lines.
 *
 * @param folder - absent; gets a package that can be deployed in place of the true one
 * @throws Error when one of the lines is not there exactly once
 */
export function tamperedChaincode(folder: string, chain: string, ...tamperings: readonly Tampering[]): void {
  const modules = join(folder, 'node_modules');
  mkdirSync(modules, { recursive: true });
  const chaincode = join(repositoryDir, 'chaincode');
  cpSync(join(chaincode, chain, 'dist'), join(folder, 'dist'), { recursive: true });
  cpSync(join(chaincode, chain, 'package.json'), join(folder, 'package.json'));
  for (const name of readdirSync(join(repositoryDir, 'node_modules'))) {
    if (!name.startsWith('.') && name !== '@gridpeg') {
      symlinkSync(join(repositoryDir, 'node_modules', name), join(modules, name));
    }
  }
  const ours = join(modules, '@gridpeg');
  mkdirSync(ours);
  symlinkSync(join(chaincode, 'protocol'), join(ours, 'protocol'));
  cpSync(join(chaincode, 'peg', 'dist'), join(ours, 'peg', 'dist'), { recursive: true });
  cpSync(join(chaincode, 'peg', 'package.json'), join(ours, 'peg', 'package.json'));
  for (const { file, line, becomes } of tamperings) {
    const target = join(ours, 'peg', 'dist', file);
    const [before, after, more] = readFileSync(target, 'utf8').split(line);
    if (before === undefined || after === undefined || more !== undefined) {
      throw new Error(`${file} has not exactly one "${line}"`);
    }
    writeFileSync(target, `${before}${becomes}${after}`);
  }
}
