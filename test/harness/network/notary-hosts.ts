// SPDX-License-Identifier: Apache-2.0

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where one program runs as on a machine of its own. */
export interface Host {
  /** Its IP address. */
  readonly address: string;
  /** What comes before a command that runs there. */
  readonly prefix: readonly string[];
}

/**
 * Hosts for programs that share nothing: each is a network namespace of Linux with an address and a loopback interface
 * of its own, where this process may make some, and an address of the loopback interface otherwise.
 */
export interface Hosts {
  /** What they are, for the output of tests. */
  readonly kind: string;
  /** A host that reaches all of them and runs nothing else. */
  readonly outside: Host;
  readonly hosts: readonly Host[];
  /** The address at which the hosts reach what listens on the loopback interface of this process, on the same ports. */
  readonly peers: string;
  readonly close: () => void;
}

const subnet = '10.213.77';
const names = { hub: `gridpeg-hub-${process.pid}`, host: (index: number) => `gridpeg-${process.pid}-${index}` };

/** Whether this process may make network namespaces. */
export function canMakeNamespaces(): boolean {
  try {
    ip('netns', 'add', names.hub);
    ip('-n', names.hub, 'link', 'add', 'gp0', 'type', 'bridge');
    return true;
  } catch {
    return false;
  } finally {
    removeNamespace(names.hub);
  }
}

/** Addresses of the loopback interface, which every program of this machine shares. */
export function loopbackHosts(count: number): Hosts {
  const at = (last: number): Host => ({ address: `127.0.0.${last}`, prefix: [] });
  return {
    ...{ kind: 'addresses 127.0.0.x', outside: at(1), peers: '127.0.0.1', close: () => undefined },
    hosts: Array.from({ length: count }, (_, index) => at(21 + index)),
  };
}

/**
 * Network namespaces, joined by a bridge in one of their own: nothing of it shows in that of this process.
 *
 * @param ports - what of this process's loopback interface the hosts reach
 */
export async function namespaceHosts(count: number, ports: readonly number[]): Promise<Hosts> {
  const folder = mkdtempSync(join(tmpdir(), 'gp-'));
  const closing: Array<() => void> = [() => rmSync(folder, { recursive: true })];
  const close = (): void => {
    for (const step of closing.splice(0).reverse()) step();
  };
  const make = (name: string): void => {
    ip('netns', 'add', name);
    closing.push(() => removeNamespace(name));
    ip('-n', name, 'link', 'set', 'lo', 'up');
  };
  try {
    make(names.hub);
    ip('-n', names.hub, 'link', 'add', 'gp0', 'type', 'bridge');
    ip('-n', names.hub, 'addr', 'add', `${subnet}.1/24`, 'dev', 'gp0');
    ip('-n', names.hub, 'link', 'set', 'gp0', 'up');
    for (let index = 0; index < count; index += 1) {
      const name = names.host(index);
      make(name);
      ip('-n', names.hub, 'link', 'add', `gp${index + 1}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
      ip('-n', names.hub, 'link', 'set', `gp${index + 1}`, 'master', 'gp0', 'up');
      ip('-n', name, 'addr', 'add', `${subnet}.${index + 11}/24`, 'dev', 'eth0');
      ip('-n', name, 'link', 'set', 'eth0', 'up');
    }
    closing.push(await forward(folder, ports));
  } catch (error) {
    close();
    throw error;
  }
  const at = (name: string, last: number): Host => {
    return { address: `${subnet}.${last}`, prefix: ['ip', 'netns', 'exec', name] };
  };
  return {
    ...{ kind: 'network namespaces', outside: at(names.hub, 1), peers: `${subnet}.1`, close },
    hosts: Array.from({ length: count }, (_, index) => at(names.host(index), index + 11)),
  };
}

/** What runs in the namespace of the bridge: each port there leads to a socket in a folder. */
const forwarder = `
const net = require('node:net');
const [folder, host, ...ports] = process.argv.slice(1);
let left = ports.length;
for (const port of ports) {
  const server = net.createServer((from) => {
    const to = net.connect(folder + '/' + port);
    from.pipe(to).pipe(from);
    from.on('error', () => to.destroy());
    to.on('error', () => from.destroy());
  });
  server.listen(Number(port), host, () => {
    left -= 1;
    if (left === 0) process.stdout.write('ready');
  });
}`;

/** Sockets in the folder lead to ports of this process's loopback interface; the files are seen in all namespaces. */
async function forward(folder: string, ports: readonly number[]): Promise<() => void> {
  const servers = await Promise.all(ports.map((port) => listen(join(folder, port.toString()), port)));
  const run = ['netns', 'exec', names.hub, process.execPath, '-e', forwarder, folder, `${subnet}.1`];
  const child = spawn('ip', [...run, ...ports.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] });
  await ready(child);
  return () => {
    child.kill('SIGKILL');
    for (const server of servers) server.close();
  };
}

function listen(path: string, port: number): Promise<Server> {
  const server = createServer((from) => {
    const to = connect(port, '127.0.0.1');
    from.pipe(to).pipe(from);
    from.on('error', () => to.destroy());
    to.on('error', () => from.destroy());
  });
  return new Promise((done) => server.listen(path, () => done(server)));
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((done, fail) => {
    child.stdout?.once('data', () => done());
    child.once('exit', (status) => fail(new Error(`the forwarder ended with ${String(status)}`)));
  });
}

function removeNamespace(name: string): void {
  try {
    ip('netns', 'del', name);
  } catch {
    // It was not made.
  }
}

function ip(...parameters: readonly string[]): void {
  execFileSync('ip', parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
}
