// SPDX-License-Identifier: Apache-2.0
// Circles between folders. Tests and what only they share are left out: they may use whatever they try.

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circles-between-folders',
      severity: 'error',
      comment: 'Two folders that need each other are one; somebody who opens a folder should know what it rests on.',
      scope: 'folder',
      from: {},
      to: { circular: true },
    },
  ],
  options: { ...require('./.dependency-cruiser.cjs').options, exclude: { path: '[.]test[.]ts$|/testing/' } },
};
