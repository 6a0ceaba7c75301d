// SPDX-License-Identifier: Apache-2.0

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where Debian, Fedora and Alpine put SoftHSM's module. */
const modules = ['softhsm', 'pkcs11', 'x86_64-linux-gnu/softhsm'].flatMap((folder) =>
  ['/usr/lib', '/usr/lib64'].map((lib) => join(lib, folder, 'libsofthsm2.so')),
);

/** A PKCS#11 token in software, with one private key that it does not give out again. */
export class SoftToken {
  /** What programs that use it need in their environment. */
  readonly environment: { readonly SOFTHSM2_CONF: string };
  /** RFC 7512 */
  readonly uri: string;

  /**
   * @param folder - absolute and absent
   * @param keyFile - the key to import, PKCS #8 in PEM
   * @throws Error when SoftHSM is not installed
   */
  constructor(folder: string, keyFile: string) {
    const module = modules.find((file) => existsSync(file));
    if (module === undefined) throw new Error(`SoftHSM is not installed: none of ${modules.join(', ')} is there`);
    mkdirSync(join(folder, 'tokens'), { recursive: true });
    this.environment = { SOFTHSM2_CONF: join(folder, 'softhsm2.conf') };
    writeFileSync(this.environment.SOFTHSM2_CONF, `directories.tokendir = ${join(folder, 'tokens')}\n`);
    const [label, pin] = ['gridpeg', '4321'];
    const tool = (...parameters: readonly string[]): void => {
      // eslint-disable-next-line no-restricted-properties -- what is started here runs where the tests run
      execFileSync('softhsm2-util', parameters, { env: { ...process.env, ...this.environment }, stdio: 'pipe' });
    };
    tool('--init-token', '--free', '--label', label, '--pin', pin, '--so-pin', '87654321');
    tool('--import', keyFile, '--token', label, '--label', 'notary', '--id', 'a1', '--pin', pin);
    writeFileSync(join(folder, 'pin'), pin, { mode: 0o600 });
    this.uri = `pkcs11:token=${label};object=notary?module-path=${module}&pin-source=file:${join(folder, 'pin')}`;
  }
}
