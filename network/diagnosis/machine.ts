// SPDX-License-Identifier: Apache-2.0

import { fail, ok, problemsOr, warn, type Finding } from './finding';

/**
 * A program on PATH: its version, or that it is not there, fails, or did not answer in time. The last says little:
 * machines can be busy.
 */
export type ProgramFound = { readonly version: string } | 'missing' | 'failing' | 'late';

const oldestNode = [20, 19] as const;
const megabyte = 1024 * 1024;
/** A network of the default topology takes about 1 GiB of memory, and some hundred megabytes of disk a day. */
const leastDisk = 512 * megabyte;
const littleDisk = 2048 * megabyte;
const leastMemory = 256 * megabyte;
const littleMemory = 1536 * megabyte;
/** A peer holds a file a ledger file and a socket a client. */
const leastFiles = 1024;

/**
 * Judges the two uses of Node: the one that runs this program, and the `node` of chaincode services and scripts.
 *
 * @param running - as `process.versions.node`
 */
export function judgeNode(running: string, onPath: ProgramFound): readonly Finding[] {
  const install = `Install Node ${oldestNode.join('.')} or later (https://nodejs.org) and put it on PATH`;
  const problems: Finding[] = [];
  if (!isAtLeast(running, oldestNode)) {
    problems.push(fail('node', 'NODEJS_VERSION', `gridpeg runs on Node ${running}, which is too old`, install));
  }
  if (onPath === 'missing') {
    problems.push(fail('node', 'NODEJS_MISSING', 'there is no "node" on PATH', install));
  } else if (onPath === 'failing') {
    problems.push(fail('node', 'NODEJS_MISSING', 'the "node" on PATH does not tell its version', install));
  } else if (onPath !== 'late' && !isAtLeast(onPath.version, oldestNode)) {
    problems.push(fail('node', 'NODEJS_VERSION', `the "node" on PATH is ${onPath.version}, which is too old`, install));
  }
  return problemsOr(problems, ok('node', running));
}

/**
 * Judges Go, which is needed only when Fabric's programs are not built yet.
 *
 * @param isNeeded - whether they would have to be built
 * @param oldest - the version that go.mod asks for
 */
export function judgeGo(found: ProgramFound, isNeeded: boolean, oldest: string): readonly Finding[] {
  const install = `Install Go ${oldest} or later (https://go.dev/dl), or name Fabric's programs in GRIDPEG_FABRIC_BIN`;
  const why = isNeeded ? 'Fabric has to be built' : "Fabric's programs are there, but the next version has to be built";
  const judge = isNeeded ? fail : warn;
  if (found === 'late') return [ok('go', 'there is one, too busy to tell its version')];
  if (typeof found === 'string') return [judge('go', 'GO_MISSING', `there is no "go" on PATH: ${why}`, install)];
  const wanted = oldest.split('.').map(Number);
  if (isAtLeast(found.version, wanted)) return [ok('go', found.version)];
  return [judge('go', 'GO_VERSION', `the "go" on PATH is ${found.version}, which is too old: ${why}`, install)];
}

/** Variables that libraries, Node and Go read by themselves, and what each does to gridpeg. */
const interferingVariables: Readonly<Record<string, string>> = {
  NODE_OPTIONS: 'it changes how every program of Node starts',
  NODE_TLS_REJECT_UNAUTHORIZED: 'with 0, Node trusts any certificate of the servers that it calls over HTTPS',
  NODE_USE_ENV_PROXY: 'it sends calls over HTTP through a proxy, to this machine as well unless NO_PROXY names it',
  NODE_EXTRA_CA_CERTS: 'it lets Node trust further authorities',
  SSL_CERT_FILE: 'it changes which authorities Node and Go trust',
  SSL_CERT_DIR: 'it changes which authorities Node and Go trust',
  GRPC_SSL_CIPHER_SUITES: 'it changes which ciphers connections to peers may use',
  GRPC_TRACE: 'it prints lines among those of gridpeg',
  GODEBUG: "it changes how Go builds Fabric's programs",
  GOFLAGS: "it changes how Go builds Fabric's programs",
  GOOS: "it lets Go build Fabric's programs for another system",
  GOARCH: "it lets Go build Fabric's programs for another processor",
};
/** In the order in which the gRPC library looks for them. */
const proxyVariables = ['grpc_proxy', 'https_proxy', 'http_proxy'];

/**
 * Names the environment variables that change what gridpeg does. Nodes inherit none of them.
 *
 * @param remotePeers - endpoints of peers on other machines; calls to this one never go through a proxy
 */
export function judgeEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  remotePeers: readonly string[],
): readonly Finding[] {
  const isSet = (name: string): boolean => (environment[name] ?? '') !== '';
  const interfering = Object.entries(interferingVariables)
    .filter(([name]) => isSet(name))
    .map(([name, does]) =>
      warn('environment', 'ENVIRONMENT_VARIABLE', `${name} is set: ${does}`, `Unset ${name} unless you mean it`),
    );
  const proxy = remotePeers.length === 0 ? undefined : proxyVariables.find(isSet);
  if (proxy !== undefined) {
    const summary =
      `${proxy} is set: calls to peers on other machines, ` + `such as ${remotePeers[0] ?? ''}, go through a proxy`;
    const remedy = `Name these hosts in no_proxy, or unset ${proxy}, unless the proxy passes gRPC on`;
    return [...interfering, warn('environment', 'ENVIRONMENT_PROXY', summary, remedy)];
  }
  return interfering.length > 0 ? interfering : [ok('environment', 'no variable that changes what gridpeg does')];
}

/** Judges what a container engine needs, when containers are wanted. */
export function judgeDocker(engine: ProgramFound, compose: ProgramFound): readonly Finding[] {
  const problems: Finding[] = [];
  if (engine === 'missing') {
    problems.push(
      fail(
        'docker',
        'CONTAINER_CLI_MISSING',
        'there is no "docker" on PATH',
        'Install Docker, or use the native driver',
      ),
    );
  } else if (engine === 'failing' || engine === 'late') {
    const remedy = 'Start it (systemctl start docker) and see that this user may use it (group docker)';
    problems.push(fail('docker', 'CONTAINER_ENGINE_DOWN', 'no Docker engine answers', remedy));
  }
  if (compose === 'missing' || compose === 'failing') {
    const remedy = 'Install the Compose plugin of Docker, or docker-compose';
    problems.push(
      fail('compose', 'COMPOSE_MISSING', 'neither "docker compose" nor "docker-compose" can be run', remedy),
    );
  }
  const version = typeof engine === 'string' ? '' : engine.version;
  return problemsOr(problems, ok('docker', `engine ${version}, Compose ${versionText(compose)}`));
}

/** Judges the file system of the state folder. */
export function judgeDisk(folder: string, freeBytes: number): readonly Finding[] {
  const free = `${megabytes(freeBytes)} MB are free for ${folder}`;
  const remedy = `Make room, or name a folder elsewhere with --state; ${megabytes(littleDisk)} MB are enough`;
  if (freeBytes < leastDisk) return [fail('disk', 'DISK_LOW', free, remedy)];
  if (freeBytes < littleDisk) return [warn('disk', 'DISK_LOW', free, remedy)];
  return [ok('disk', free)];
}

/**
 * Judges memory.
 *
 * @param isUp - whether the network runs, which then has what it needs
 */
export function judgeMemory(availableBytes: number, isUp: boolean): readonly Finding[] {
  const available = `${megabytes(availableBytes)} MB are available`;
  const remedy = `End other programs; a network needs ${megabytes(littleMemory)} MB`;
  if (availableBytes < leastMemory) return [fail('memory', 'MEMORY_LOW', available, remedy)];
  if (availableBytes < littleMemory && !isUp) return [warn('memory', 'MEMORY_LOW', available, remedy)];
  return [ok('memory', available)];
}

/** Judges how many files and connections a process may have open. */
export function judgeOpenFiles(limit: number): readonly Finding[] {
  if (limit >= leastFiles) return [ok('open files', `${String(limit)} a process`)];
  const summary = `a process may open only ${String(limit)} files and connections`;
  return [fail('open files', 'OPEN_FILES_LOW', summary, `Raise the limit (ulimit -n ${String(leastFiles * 4)})`)];
}

/** Judges whether the system shows its processes. */
export function judgeProc(isThere: boolean): readonly Finding[] {
  if (isThere) return [ok('/proc', 'tells of processes')];
  const summary = 'there is no /proc, in which the processes of a network are found';
  return [fail('/proc', 'PLATFORM_UNSUPPORTED', summary, 'Use Linux with /proc mounted')];
}

/** Whether a version such as `1.26.1` is at least another one; what is no version is not. */
function isAtLeast(version: string, oldest: readonly number[]): boolean {
  const parts = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?/
    .exec(version)
    ?.slice(1)
    .map((part) => Number(part || 0));
  if (parts === undefined) return false;
  for (const [index, least] of oldest.entries()) {
    const part = parts[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}

function megabytes(bytes: number): string {
  return Math.floor(bytes / megabyte).toString();
}

function versionText(found: ProgramFound): string {
  return typeof found === 'string' ? found : found.version;
}
