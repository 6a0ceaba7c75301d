// SPDX-License-Identifier: Apache-2.0

import { unforgottenPackets } from './signing-record';

const chain = `city-${'a'.repeat(64)}`;
const line = (kind: string, packet: string, content: string): string =>
  `${kind} ${chain} ${packet.repeat(64)} ${content.repeat(64)}\n`;

describe('a memory that was put back', () => {
  test('knows the packets that were signed since', () => {
    const earlier = line('packets', '1', 'a');
    expect(unforgottenPackets(earlier, earlier + line('packets', '2', 'b'))).toBe(earlier + line('packets', '2', 'b'));
  });

  test('forgets what was signed of receipts since, which may come out otherwise', () => {
    expect(unforgottenPackets('', line('receipts', '1', 'a'))).toBe('');
  });

  test('keeps its own content of a packet', () => {
    expect(unforgottenPackets(line('packets', '1', 'a'), line('packets', '1', 'b'))).toBe(line('packets', '1', 'a'));
  });

  test('takes over no line that a crash cut short, on either side', () => {
    const whole = line('packets', '1', 'a');
    const cut = line('packets', '2', 'b').slice(0, -9);
    expect(unforgottenPackets(whole + cut, line('packets', '3', 'c') + cut)).toBe(whole + line('packets', '3', 'c'));
  });
});
