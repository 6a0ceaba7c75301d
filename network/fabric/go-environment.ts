// SPDX-License-Identifier: Apache-2.0

import type { ToolCall, ToolResult } from '../drivers/driver/driver';

/** The settings of Go for the places of modules and caches. All others could change the program that is built. */
const goDirectories = [
  ...['GOPROXY', 'GONOPROXY', 'GOPRIVATE', 'GOSUMDB', 'GONOSUMDB', 'GOINSECURE', 'GOVCS', 'GOAUTH'],
  ...['GOPATH', 'GOMODCACHE', 'GOCACHE', 'GOTMPDIR'],
];
/** Variables that only Go and its C compiler read. */
const ofGo = /^(GO[A-Z0-9]|CGO_)/;

interface Caller {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly run: (call: ToolCall) => Promise<ToolResult>;
}

/**
 * The environment in which Go builds for this machine, whatever the caller has set for programs of his own, in the
 * environment or in Go's own file of settings. Of that only where modules come from and where caches are is kept.
 */
export async function goEnvironment(
  { needsCompiler, sourceDir }: { readonly needsCompiler: boolean; readonly sourceDir: string },
  { environment, run }: Caller,
): Promise<Readonly<Record<string, string>>> {
  const given = Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const others = Object.fromEntries(Object.entries(given).filter(([name]) => !ofGo.test(name)));
  // Otherwise Go would download another toolchain before it answers.
  const asking = { ...others, ...picked(given), GOTOOLCHAIN: 'local', ...picked(given, ['GOENV']) };
  const command = ['go', 'env', '-json', ...goDirectories];
  const asked = await run({ command, env: asking, cwd: sourceDir }).catch(() => undefined);
  return {
    ...others,
    ...picked(settingsIn(asked?.output ?? '')),
    ...{ GOENV: 'off', GOWORK: 'off', GOTOOLCHAIN: 'auto', CGO_ENABLED: needsCompiler ? '1' : '0' },
  };
}

function picked(from: Readonly<Record<string, unknown>>, names = goDirectories): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = from[name];
      return typeof value === 'string' && value !== '' ? [[name, value]] : [];
    }),
  );
}

/** If Go does not answer, the build shows why. */
function settingsIn(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
