// SPDX-License-Identifier: Apache-2.0
/**
 * The Markdown of the repository as a site: `npm run docs:dev` and `npm run docs:build`. A dead link fails the build.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const vue = dirname(createRequire(import.meta.url).resolve('vue/package.json'));

/** Links to sources and folders have no page on the site, so their text stays without the link. */
function unlinkSources(markdown) {
  const hasPage = (target) => /^[a-z]+:|^#|\.md(#|$)/.test(target);
  markdown.core.ruler.push('unlink-sources', ({ tokens }) => {
    for (const { children } of tokens) {
      let isLink = true;
      for (const token of children ?? []) {
        if (token.type === 'link_open') isLink = hasPage(token.attrGet('href'));
        if (!isLink && token.type.startsWith('link_')) Object.assign(token, { tag: 'span', attrs: null });
      }
    }
  });
}

/** Diagrams stay text in the page; the theme draws them in the browser. */
function keepDiagrams(markdown) {
  const { fence } = markdown.renderer.rules;
  markdown.renderer.rules.fence = (tokens, index, ...rest) => {
    const { info, content } = tokens[index];
    if (info.trim() !== 'mermaid') return fence(tokens, index, ...rest);
    return `<pre class="mermaid" v-pre>${markdown.utils.escapeHtml(content)}</pre>`;
  };
}

const titleOf = (file) => /^# (.*)$/m.exec(readFileSync(join(root, file), 'utf8'))[1];
const page = (file) => ({ text: titleOf(file), link: `/${file.replace(/\.md$/, '')}` });
const section = (text, ...files) => ({ text, collapsed: false, items: files.map(page) });

/** All numbered pages of a folder, with its list first. */
function numbered(text, folder) {
  const files = readdirSync(join(root, folder)).filter((name) => /^\d+.*\.md$/.test(name));
  return { ...section(text, ...['README.md', ...files.sort()].map((name) => `${folder}/${name}`)), collapsed: true };
}

export default {
  title: 'Gridpeg',
  description: 'Pegs Hyperledger Fabric channels to each other',
  srcDir: root,
  srcExclude: ['**/dist/**', '**/bundle/**', '.gridpeg/**'],
  outDir: join(root, 'docs', 'site', 'dist'),
  cacheDir: join(root, 'docs', 'site', 'node_modules', '.cache'),
  rewrites: { 'README.md': 'index.md' },
  // Pages lie outside of this package, where Vue would not be found.
  vite: {
    resolve: {
      alias: [
        { find: /^vue$/, replacement: join(vue, 'dist', 'vue.runtime.esm-bundler.js') },
        { find: /^vue\/server-renderer$/, replacement: join(vue, 'server-renderer', 'index.mjs') },
      ],
    },
  },
  markdown: {
    config: (markdown) => {
      unlinkSources(markdown);
      keepDiagrams(markdown);
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    sidebar: [
      { text: 'Gridpeg', link: '/' },
      section('Use', ...['tutorial', 'deploy-to-test-network', 'develop-chaincode'].map((name) => `docs/${name}.md`)),
      section('Operate', ...['operations', 'notary', 'fabric-ca'].map((name) => `docs/${name}.md`)),
      section('Understand', 'docs/glossary.md', 'ARCHITECTURE.md', 'docs/model.md', 'docs/performance.md'),
      section(
        'Contribute',
        'CONTRIBUTING.md',
        'CHANGELOG.md',
        'docs/invariants.md',
        'docs/mutation.md',
        'test/bench/README.md',
      ),
      numbered('Specification', 'docs/spec'),
      numbered('Decisions', 'docs/adr'),
    ],
  },
};
