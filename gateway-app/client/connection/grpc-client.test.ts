// SPDX-License-Identifier: Apache-2.0

/* eslint-disable no-restricted-properties -- libraries read the environment by themselves, so the tests set it */

import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { grpcClient, isLoopback } from './grpc-client';

test.each(['127.0.0.1:7051', '127.9.9.9:1', '[::1]:7051', 'localhost:7051', 'LOCALHOST:1', 'peer0.localhost:1'])(
  '%s is this machine',
  (endpoint) => {
    expect(isLoopback(endpoint)).toBe(true);
  },
);

test.each(['10.0.0.1:7051', 'peer0.example.com:7051', '[2001:db8::1]:1', '127.0.0.1.example.com:1', 'localhost.com:1'])(
  '%s is another machine',
  (endpoint) => {
    expect(isLoopback(endpoint)).toBe(false);
  },
);

describe('a proxy in the environment', () => {
  const sockets: Socket[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  /** Takes connections as a proxy does, and says whose came. */
  const listening = async (name: string, heard: string[]): Promise<Server> => {
    const server = createServer((socket) => {
      heard.push(name);
      sockets.push(socket);
      if (name === 'proxy') socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };
  const portOf = (server: Server): string => (server.address() as AddressInfo).port.toString();

  test.each(['http_proxy', 'https_proxy', 'grpc_proxy'])('%s never catches calls to this machine', async (variable) => {
    const heard: string[] = [];
    const [peer, proxy] = [await listening('peer', heard), await listening('proxy', heard)];
    const before = process.env[variable];
    process.env[variable] = `http://127.0.0.1:${portOf(proxy)}`;
    const firstHeard = async (endpoint: string): Promise<string | undefined> => {
      heard.length = 0;
      const client = grpcClient({ endpoint, hostAlias: 'peer', tlsCaCert: '' });
      client.getChannel().getConnectivityState(true);
      while (heard.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      client.close();
      return heard[0];
    };
    try {
      expect(await firstHeard(`127.0.0.1:${portOf(peer)}`)).toBe('peer');
      expect(await firstHeard('peer0.example.com:7051')).toBe('proxy');
    } finally {
      if (before === undefined) Reflect.deleteProperty(process.env, variable);
      else process.env[variable] = before;
      peer.close();
      proxy.close();
    }
  });
});
