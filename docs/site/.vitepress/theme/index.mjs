// SPDX-License-Identifier: Apache-2.0
/* global document */
import mermaidUrl from '@mermaid-js/tiny/dist/mermaid.tiny.js?url';
import { onContentUpdated } from 'vitepress';
import DefaultTheme from 'vitepress/theme';

let loading;

/** Loads Mermaid, which is a script that sets a global variable, on the first page that has a diagram. */
function loadMermaid() {
  loading ??= new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement('script'), {
      src: mermaidUrl,
      onload: resolve,
      onerror: reject,
    });
    document.head.append(script);
  }).then(() => globalThis.mermaid.initialize({ startOnLoad: false }));
  return loading;
}

async function drawDiagrams() {
  if (document.querySelector('pre.mermaid') === null) return;
  await loadMermaid();
  await globalThis.mermaid.run({ querySelector: 'pre.mermaid' });
}

export default {
  extends: DefaultTheme,
  setup() {
    onContentUpdated(drawDiagrams);
  },
};
