// SPDX-License-Identifier: Apache-2.0
/**
 * docs/invariants.md: which tests carry which property (`PEG-1`) and which threat (`T01`) of docs/spec in a title.
 *
 *   node scripts/check-invariants.mjs [--write]     checks that it is current, or writes it
 *
 * What no test carries, what a test carries that is not specified, and a rule of the specification about neither, is a
 * problem.
 */
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import process from 'node:process';

import { report, root, sourceFiles, textOf } from './sources.mjs';

const page = 'docs/invariants.md';
const sources = { Properties: 'docs/spec/README.md', Threats: 'docs/spec/09-threats.md' };

/** Titles are quoted; `PEG-1 to PEG-3` names all three. */
const quoted = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
const id = /\b(?:PEG-\d+|T\d{2})\b(?!:\d)/g;
const range = /\bPEG-(\d+) to PEG-(\d+)\b/g;

function idsIn(text) {
  const found = new Set();
  for (const [title] of text.matchAll(quoted)) {
    for (const [name] of title.matchAll(id)) found.add(name);
    for (const [, first, last] of title.matchAll(range)) {
      for (let number = Number(first); number <= Number(last); number += 1) found.add(`PEG-${number}`);
    }
  }
  return found;
}

/** Id and statement of each row of a specification's table. */
function statementsIn(file) {
  const rows = textOf(file).matchAll(/^\| (PEG-\d+|T\d{2}) *\| (.+?) *\|(?:.*\|)?$/gm);
  return [...rows].map(([, name, statement]) => ({ name, statement }));
}

const tests = sourceFiles().filter((file) => file.endsWith('.test.ts'));
const carried = new Map();
for (const file of tests) {
  for (const name of idsIn(textOf(file))) carried.set(name, [...(carried.get(name) ?? []), file]);
}

const problems = [];
const parts = [`# Properties, threats, and the tests that carry them`, ``];
parts.push(
  `Made by \`node scripts/check-invariants.mjs --write\` from the tables of docs/spec and the titles of tests.`,
  ``,
);
const known = new Set();
for (const [heading, file] of Object.entries(sources)) {
  parts.push(`## ${heading}`, ``, `| id | statement | tests |`, `| --- | --- | --- |`);
  for (const { name, statement } of statementsIn(file)) {
    known.add(name);
    const files = carried.get(name) ?? [];
    if (files.length === 0) problems.push(`${name} (${file}) is carried by no test: name it in the title of one`);
    const links = files.map((test) => `[${basename(test, '.test.ts')}](../${test})`);
    parts.push(`| ${name} | ${statement} | ${links.join(', ')} |`);
  }
  parts.push(``);
}
/** Rules of a page without a property or threat, behind its heading; the whole page when it has none. */
function rulesWithoutId(file) {
  const [, rules] = textOf(file).split(/^## .*What must never happen$/m);
  if (rules === undefined) return ['no section "What must never happen"'];
  const [section] = rules.split(/^## /m);
  return section
    .match(/^- .*(?:\n {2}.*)*$/gm)
    .filter((rule) => ![...rule.matchAll(id)].some(([name]) => known.has(name)));
}
for (const file of sourceFiles().filter((each) => /^docs\/spec\/0[1-8]-/.test(each))) {
  for (const rule of rulesWithoutId(file))
    problems.push(`${file}: ${rule}: name the property or threat that its test carries`);
}
for (const [name, files] of carried) {
  if (!known.has(name)) problems.push(`${files[0]}: ${name} is in no table of ${Object.values(sources).join(' or ')}`);
}

const text = parts.join('\n');
if (process.argv.includes('--write')) writeFileSync(join(root, page), text);
else if (!sourceFiles().includes(page) || textOf(page) !== text) {
  problems.push(`${page} is not current: run "npm run invariants:write"`);
}
report(problems, `${known.size} properties and threats are each carried by a test`);
