// SPDX-License-Identifier: Apache-2.0

import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeDown } from '@gridpeg/network';

/**
 * A folder that looks like Fabric's samples: `network.sh` records how it is called, and serves a native network of the
 * topology `test-network` in the samples' layout. The container engine and `peer` answer from what network.sh has done.
 */
export class FakeSamples {
  readonly folder = mkdtempSync(join(tmpdir(), 'gridpeg-test-'));
  readonly testNetwork = join(this.folder, 'samples', 'test-network');
  /** The state folder of the network behind it. */
  readonly servedDir = join(this.folder, 'served');
  /** The value of CONTAINER_CLI. */
  readonly engine = join(this.folder, 'engine');
  readonly #calls = join(this.folder, 'calls');
  readonly #full = join(this.folder, 'full');

  constructor() {
    const bin = join(this.folder, 'samples', 'bin');
    const config = join(this.folder, 'samples', 'config');
    for (const made of [this.testNetwork, bin, config]) mkdirSync(made, { recursive: true });
    const serve =
      `"${process.execPath}" "${join(__dirname, 'serve-test-network.js')}" "${this.servedDir}" ` +
      '"${XDG_CACHE_HOME:-$HOME/.cache}/gridpeg" "$PATH"';
    const program = (file: string, ...lines: readonly string[]): void => {
      writeFileSync(file, ['#!/bin/sh', `cd "${this.testNetwork}" || exit 1`, ...lines, ''].join('\n'));
      chmodSync(file, 0o755);
    };
    program(
      join(this.testNetwork, 'network.sh'),
      `echo "$*" >> "${this.#calls}"`,
      'echo "INFO of no interest"',
      `packages="${this.servedDir}/packages"`,
      'case "$1" in',
      `up) ${serve} && ln -sfn "${this.servedDir}/organizations" organizations && mkdir -p channel-artifacts`,
      // The samples have one ordering service; the network behind has one for each chain.
      '  mkdir -p organizations/ordererOrganizations/example.com/tlsca',
      '  cp organizations/ordererOrganizations/city-orderer.example.com/tlsca/*-cert.pem \\',
      '    organizations/ordererOrganizations/example.com/tlsca/tlsca.example.com-cert.pem',
      // Each network has an authority of its own.
      '  date +%N >> organizations/ordererOrganizations/example.com/tlsca/tlsca.example.com-cert.pem ;;',
      `createChannel) test ! -e "${this.#full}" || { echo "no space left on device."; exit 1; }`,
      `  mkdir -p channel-artifacts && ln -sf "${this.servedDir}/channel-artifacts/$3.block" channel-artifacts/ ;;`,
      'deployCCAAS) ln -sf "$packages/$5_1.0.tar.gz" "$5.tar.gz" ;;',
      'down) rm -rf organizations channel-artifacts ./*.tar.gz ;;',
      'esac',
    );
    program(
      join(bin, 'peer'),
      'case "$*" in',
      '*"channel list"*) for block in channel-artifacts/*.block; do basename "$block" .block; done ;;',
      '*querycommitted*) test -f "$5.tar.gz" && echo "Version: 1.0, Sequence: 1, Endorsement Plugin: escc" ;;',
      '*"chaincode query"*) test -f "$4.tar.gz" ;;',
      'esac',
    );
    // Asked for only; network.sh would call them.
    for (const name of ['configtxgen', 'configtxlator', 'cryptogen', 'osnadmin', 'jq']) program(join(bin, name));
    program(
      this.engine,
      'case "$*" in',
      'compose*) exit 1 ;;',
      // The last parameter is the container: a service by its chaincode's package, a node by the organizations.
      'inspect*) for name; do :; done',
      '  chain=${name#peer0org?_}; chain=${chain%_ccaas}',
      '  if [ "$chain" = "$name" ]; then test -e organizations; else test -e "$chain.tar.gz"; fi && echo running ;;',
      'esac',
    );
  }

  /** While it is, no channel can be created. */
  setDiskFull(isFull: boolean): void {
    if (isFull) writeFileSync(this.#full, '');
    else rmSync(this.#full);
  }

  /** Calls of network.sh since the last time. */
  calls(): readonly string[] {
    if (!existsSync(this.#calls)) return [];
    const calls = readFileSync(this.#calls, 'utf8').trim().split('\n');
    rmSync(this.#calls);
    return calls;
  }

  async remove(): Promise<void> {
    if (existsSync(this.servedDir)) await takeDown({ stateDir: this.servedDir });
    rmSync(this.folder, { recursive: true, force: true });
  }
}
