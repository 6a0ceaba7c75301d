// SPDX-License-Identifier: Apache-2.0

import { judgeEnvironment } from './machine';

describe('judgeEnvironment', () => {
  test.each([{}, { PATH: '/bin', GOFLAGS: '' }, { https_proxy: 'http://proxy:3128' }])(
    'has nothing to say of %p',
    (env) => {
      expect(judgeEnvironment(env, [])).toMatchObject([{ status: 'ok' }]);
    },
  );

  test.each(['NODE_OPTIONS', 'NODE_TLS_REJECT_UNAUTHORIZED', 'SSL_CERT_FILE', 'GODEBUG', 'GOFLAGS', 'GRPC_TRACE'])(
    'names %s',
    (name) => {
      const found = judgeEnvironment({ [name]: '1' }, []);
      expect(found).toMatchObject([{ status: 'warn', code: 'ENVIRONMENT_VARIABLE' }]);
      expect(found[0]!.what).toContain(name);
    },
  );

  test.each([
    [{ http_proxy: 'http://a' }, 'http_proxy'],
    [{ http_proxy: 'http://a', https_proxy: 'http://b' }, 'https_proxy'],
    [{ https_proxy: 'http://b', grpc_proxy: 'http://c' }, 'grpc_proxy'],
  ])('names the proxy of %p that calls to other machines go through', (env, name) => {
    const found = judgeEnvironment(env, ['peer0.example.com:7051']);
    expect(found).toMatchObject([{ status: 'warn', code: 'ENVIRONMENT_PROXY' }]);
    expect(found[0]!.what).toMatch(new RegExp(`^${name} is set: .*peer0\\.example\\.com:7051`));
  });
});
