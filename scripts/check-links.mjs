// SPDX-License-Identifier: Apache-2.0
/**
 * Checks that what Markdown files link to inside the repository exists, headings included, and so do docs named in
 * code, and that each word of the glossary is used somewhere else.
 */
import { existsSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative, resolve } from 'node:path';

import { lineAt, report, root, sourceFiles, textOf } from './sources.mjs';

const inlineLink = /!?\[(?:[^\]\\]|\\.)*\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g;
const definition = /^ {0,3}\[[^\]]+\]:\s*<?(\S+?)>?(?:\s+"[^"]*")?\s*$/gm;
const docInCode = /\bdocs\/[\w./-]+\.md\b/g;

const blank = (text) => text.replace(/[^\n]/g, ' ');

/** The Markdown without code, which may show links that are none. Positions stay as they are. */
function withoutCode(markdown) {
  return markdown
    .replace(/^( {0,3})(```+|~~~+)[^\n]*\n[\s\S]*?^ {0,3}\2[^\n]*$/gm, blank)
    .replace(/<!--[\s\S]*?-->/g, blank)
    .replace(/(`+)(?!`)[^\n]*?[^`\n]\1(?!`)/g, blank);
}

/** Anchors of the headings, made as GitHub makes them. */
function anchorsOf(markdown) {
  const anchors = new Set([...markdown.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, name]) => name));
  const seen = new Map();
  const text = markdown.replace(/^( {0,3})(```+|~~~+)[^\n]*\n[\s\S]*?^ {0,3}\2[^\n]*$/gm, blank);
  for (const [, heading] of text.matchAll(/^ {0,3}#{1,6} +(.+?) *#* *$/gm)) {
    const words = heading.replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = words.replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '').replaceAll(' ', '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    anchors.add(count === 0 ? slug : `${slug}-${count}`);
  }
  return anchors;
}

function problemOf(file, target) {
  if (/^[a-z][a-z+.-]*:|^\/\//i.test(target)) return undefined;
  const [path, anchor] = decodeURIComponent(target).split('#');
  const absolute =
    path === '' ? join(root, file) : resolve(root, path.startsWith('/') ? '.' : dirname(file), path.replace(/^\//, ''));
  const inside = relative(root, absolute);
  if (inside.startsWith('..')) return 'leads out of the repository';
  if (!existsSync(absolute)) return 'leads nowhere';
  if (!anchor || statSync(absolute).isDirectory() || !absolute.endsWith('.md')) return undefined;
  return anchorsOf(textOf(normalize(inside))).has(anchor) ? undefined : 'names a heading that is not there';
}

const problems = [];
let links = 0;
function check(file, text, index, target) {
  links += 1;
  const problem = problemOf(file, target);
  if (problem !== undefined) problems.push(`${file}:${lineAt(text, index)}: ${target} ${problem}`);
}

for (const file of sourceFiles()) {
  if (file.endsWith('.md')) {
    const text = withoutCode(textOf(file));
    for (const pattern of [inlineLink, definition]) {
      for (const match of text.matchAll(pattern)) check(file, text, match.index, match[1]);
    }
  } else if (/\.(ts|mjs|cjs|js|sh|ya?ml)$/.test(file)) {
    const text = textOf(file);
    for (const match of text.matchAll(docInCode)) check(file, text, match.index, `/${match[0]}`);
  }
}

const glossary = 'docs/glossary.md';
/**
 * The text in lower case, with one space between words, so that `rate-limit.ts` and `rateLimit` both use "rate limit".
 */
const asWords = (text) =>
  text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[\s*/-]+/g, ' ')
    .toLowerCase();
const others = sourceFiles().filter((file) => file !== glossary && /\.(md|ts)$/.test(file));
const uses = asWords(others.map((file) => `${file} ${textOf(file)}`).join(' '));
const words = [...textOf(glossary).matchAll(/\*\*([^*]+)\*\*/g)];
for (const [, word] of words) {
  if (!uses.includes(asWords(word))) problems.push(`${glossary}: nothing uses the word "${word}"`);
}
report(problems, `${links} links lead somewhere, and ${words.length} words of the glossary are used`);
