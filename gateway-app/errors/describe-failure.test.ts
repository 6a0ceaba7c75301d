// SPDX-License-Identifier: Apache-2.0

import { accessSync, constants, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { NetworkError } from '@gridpeg/network';
import { PegError } from '../client';
import { CommandError } from './command-error';
import { describeFailure } from './describe-failure';

describe('describeFailure', () => {
  test('tells code and message of an expected failure', () => {
    expect(describeFailure(new CommandError('LANE_UNKNOWN', 'no lane x', 'Name another.'))).toEqual({
      code: 'LANE_UNKNOWN',
      summary: 'no lane x',
      remedy: 'Name another.',
      message: 'no lane x. Name another.',
      class: 'drop',
      exitStatus: 1,
    });
  });

  test('does not repeat the code that the message of a failed call begins with', () => {
    const error = new PegError({ code: 'NOTE_SPENT', details: { noteId: 'n' } });
    expect(error.message).toMatch(/^NOTE_SPENT: /);
    expect(describeFailure(error).message).toBe(`${error.summary}. ${error.remedy}`);
  });

  test('is one line, whatever the parts are', () => {
    const failure = describeFailure(new CommandError('NOTE_UNKNOWN', 'there is\nno such\tnote', 'List\nthem.'));
    expect(failure).toMatchObject({ summary: 'there is no such note', remedy: 'List them.' });
    expect(failure.message).toBe('there is no such note. List them.');
  });

  test('hands on what a tool printed last', () => {
    const error = new NetworkError('TOOL_FAILED', 'it ended', 'Read on.', 'last\nlines');
    expect(describeFailure(error)).toMatchObject({ code: 'TOOL_FAILED', detail: 'last\nlines' });
  });

  test('hands on the ids of what was submitted, for programs', () => {
    const submitted = { txId: 'ab', packetIds: ['ab-0'] };
    expect(describeFailure(new PegError({ code: 'ORDERER_UNAVAILABLE', submitted }))).toMatchObject(submitted);
    expect(describeFailure(new PegError({ code: 'PEER_UNAVAILABLE' }))).not.toHaveProperty('txId');
  });

  test('ends with 2 when the command line is wrong', () => {
    expect(describeFailure(new CommandError('USAGE', 'unknown option', 'See --help.')).exitStatus).toBe(2);
  });

  test.each([
    [new PegError({ code: 'PEER_UNAVAILABLE' }), 'retry', 75],
    [new NetworkError('STATE_LOCKED', 'it failed', 'Act.'), 'retry', 75],
    [new PegError({ code: 'NOTE_SPENT' }), 'drop', 1],
    [new NetworkError('NETWORK_NOT_UP', 'it failed', 'Act.'), 'drop', 1],
    [new PegError({ code: 'CHAINCODE_FAILED' }), 'fatal', 70],
  ] as const)('tells %s as %s, by its exit status too', (error, kind, exitStatus) => {
    expect(describeFailure(error)).toMatchObject({ code: error.code, class: kind, exitStatus });
  });

  test('says that anything else is a fault of the program', () => {
    expect(describeFailure(new TypeError('x is undefined'))).toMatchObject({ code: 'UNEXPECTED', exitStatus: 70 });
    expect(describeFailure('nothing')).toMatchObject({ code: 'UNEXPECTED' });
  });

  test.each<readonly [code: string, provoke: () => unknown]>([
    ['FILE_MISSING', () => readFileSync('/no/such/file')],
    ['FILE_FORBIDDEN', () => accessSync(__filename, constants.X_OK)],
    ['DISK_FULL', () => writeFileSync('/dev/full', 'x')],
    ['FILE_MISSING', () => mkdirSync(`${__filename}/folder`)],
    ['FILE_EXISTS', () => mkdirSync(__filename)],
  ])('gives what the operating system says the code %s and a remedy', (code, provoke) => {
    expect(failureOf(provoke)).toMatchObject({ code, exitStatus: 1 });
    expect(failureOf(provoke).message).toMatch(/^[a-z].+ \((\/.+, )?E[A-Z]+\)\. [A-Z].+\.$/);
  });

  test.each([
    ['EMFILE', 'FILES_TOO_MANY'],
    ['EROFS', 'FOLDER_READ_ONLY'],
    ['EIO', 'FILE_UNREADABLE'],
    ['ENXIO', 'FILE_UNREADABLE'],
    ['ENOTEMPTY', 'FILE_EXISTS'],
    ['EFBIG', 'DISK_FULL'],
    ['EHOSTUNREACH', 'CONNECTION_FAILED'],
    ['ENETUNREACH', 'CONNECTION_FAILED'],
    ['ENOTFOUND', 'CONNECTION_FAILED'],
    ['EAI_AGAIN', 'CONNECTION_FAILED'],
  ])('tells %s as %s', (system, code) => {
    const error = Object.assign(new Error(`${system}: no`), { code: system, path: '/some/file' });
    expect(describeFailure(error).code).toBe(code);
    expect(describeFailure(error).message).toContain(`(/some/file, ${system})`);
  });

  test('takes a path with a NUL for one where no file is', () => {
    expect(failureOf(() => readFileSync('/no\0/file')).code).toBe('FILE_MISSING');
  });

  test('shortens a word that no path could be', () => {
    const error = new CommandError('USAGE', `no chain "${'x'.repeat(100_000)}"`, 'Name one of city.');
    expect(describeFailure(error).message).toMatch(/^no chain "x{90,99}\.\.\. Name one of city\.$/);
  });

  test('says where nobody listens, and which address is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const second = createServer().listen(port, '127.0.0.1');
    const taken = await new Promise((resolve) => second.once('error', resolve));
    expect(describeFailure(taken).code).toBe('PORT_TAKEN');
    expect(describeFailure(taken).message).toContain(`(127.0.0.1:${port.toString()}, EADDRINUSE)`);
    await new Promise((resolve) => server.close(resolve));
    const client = connect(port, '127.0.0.1');
    const refused = await new Promise((resolve) => client.once('error', resolve));
    expect(describeFailure(refused).code).toBe('CONNECTION_FAILED');
    expect(describeFailure(refused).message).toContain(`(127.0.0.1:${port.toString()}, ECONNREFUSED)`);
  });

  test('says of a code that is not ours that it is unexpected', () => {
    const error = Object.assign(new Error('bad'), { code: 'ERR_INVALID_ARG_TYPE' });
    expect(describeFailure(error).code).toBe('UNEXPECTED');
    expect(describeFailure(error).message).toMatch(/^bad\. .+\.$/);
  });
});

function failureOf(provoke: () => unknown): ReturnType<typeof describeFailure> {
  try {
    provoke();
  } catch (error) {
    return describeFailure(error);
  }
  throw new Error('nothing was thrown');
}
