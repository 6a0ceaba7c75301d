// SPDX-License-Identifier: Apache-2.0

import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { repositoryDir } from '../cli/gridpeg';

/** What the peg's own contract does not have, so that versions can be distinguished. */
function sourceOf(rate: string): string {
  return [
    "import { contracts as peg } from '@gridpeg/peg';",
    "import { Contract, type Context } from 'fabric-contract-api';",
    'class TariffContract extends Contract {',
    "  constructor() { super('tariff'); }",
    '  async rate(): Promise<string> {',
    `    return '${rate}';`,
    '  }',
    '  async keep(ctx: Context, text: string): Promise<void> {',
    "    await ctx.stub.putPrivateData('tariffs', 'text', Buffer.from(text));",
    '  }',
    '  async kept(ctx: Context): Promise<string> {',
    "    return Buffer.from(await ctx.stub.getPrivateData('tariffs', 'text')).toString();",
    '  }',
    '}',
    'export const contracts = [...peg, TariffContract];',
    '',
  ].join('\n');
}

/** A chaincode in TypeScript that a consortium writes on top of the peg: one contract more. */
export class ChaincodeProject {
  /** What is run of it. */
  readonly compiled: string;

  /** @param folder - absolute and absent */
  constructor(readonly folder: string) {
    this.compiled = join(folder, 'dist', 'index.js');
  }

  /** Makes the project and compiles it. */
  create(rate: string): void {
    mkdirSync(join(this.folder, 'src'), { recursive: true });
    symlinkSync(join(repositoryDir, 'node_modules'), join(this.folder, 'node_modules'));
    const manifest = { name: 'tariff', version: '1.0.0', main: 'dist/index.js' };
    const dependencies = { '@gridpeg/peg': '*', 'fabric-contract-api': '*', 'fabric-shim': '*' };
    writeFileSync(join(this.folder, 'package.json'), JSON.stringify({ ...manifest, dependencies }));
    const compilerOptions = {
      ...{ target: 'ES2022', module: 'NodeNext', strict: true, composite: true, sourceMap: true, skipLibCheck: true },
      ...{ rootDir: 'src', outDir: 'dist', types: [] },
    };
    writeFileSync(join(this.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
    this.write(rate);
    execFileSync(process.execPath, [join(this.folder, 'node_modules', 'typescript', 'bin', 'tsc'), '-b', this.folder]);
  }

  /** Changes the source, and does not compile it. */
  write(rate: string): void {
    writeFileSync(join(this.folder, 'src', 'index.ts'), sourceOf(rate));
  }

  /** Number of the compiled line that answers, the first being 1. */
  answeringLine(): number {
    const compiled = readFileSync(this.compiled, 'utf8');
    return compiled.split('\n').findIndex((line) => line.includes('return ')) + 1;
  }

  /** Takes the contracts of the peg out. */
  unpeg(): void {
    writeFileSync(
      this.compiled,
      "const { Contract } = require('fabric-contract-api');\n" +
        "class Assets extends Contract {\n  constructor() { super('assets'); }\n  async read() { return ''; }\n}\n" +
        'exports.contracts = [Assets];\n',
    );
  }

  /** Lets it say that it speaks another version of the wire format. */
  sayWireVersion(version: string): void {
    writeFileSync(
      this.compiled,
      "const { contracts } = require('@gridpeg/peg');\n" +
        `require('fabric-contract-api').Info({ title: 'Peg', version: '${version}' })(contracts[0]);\n` +
        'exports.contracts = contracts;\n',
    );
  }

  /** Lets the services fail at their start. */
  breakBuild(): void {
    writeFileSync(this.compiled, "throw new Error('no such tariff');\n");
  }
}
