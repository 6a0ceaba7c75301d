// SPDX-License-Identifier: Apache-2.0

/** Mistakes that a design like this could have made: the property each breaks, and where that shows. */
export const designErrors = {
  'a packet is received without a record': { breaks: 'PEG-2', scenario: 'transfers' },
  'refusals lie under a key of their own': { breaks: 'PEG-2', scenario: 'transfers' },
  'a receive does not read the receipt': { breaks: 'PEG-2', scenario: 'transfers' },
  'the source refunds after the deadline': { breaks: 'PEG-3', scenario: 'transfers' },
  'the source refunds what is not received yet': { breaks: 'PEG-3', scenario: 'transfers' },
  'a refund leaves no record': { breaks: 'PEG-3', scenario: 'transfers' },
  'a receipt settles any packet of its lane': { breaks: 'PEG-3', scenario: 'transfers' },
  'a packet is received where it was sent': { breaks: 'PEG-4', scenario: 'transfers' },
  'any chain is the home of any asset': { breaks: 'PEG-5', scenario: 'takeover' },
  'a release takes escrow of any lane': { breaks: 'PEG-6', scenario: 'takeover' },
  'a merge takes escrow of any lane': { breaks: 'PEG-6', scenario: 'transfers' },
  'peers are counted by signature': { breaks: 'PEG-7', scenario: 'transfers' },
  'votes are counted by signature': { breaks: 'PEG-7', scenario: 'transfers' },
  'a simulation is believed': { breaks: 'PEG-7', scenario: 'transfers' },
  'signatures are of any batch': { breaks: 'PEG-7', scenario: 'transfers' },
  'trust comes with the call': { breaks: 'PEG-8', scenario: 'transfers' },
  'a batch is received whole or not at all': { breaks: 'PEG-9', scenario: 'transfers' },
  'the next committee signs its own rotation': { breaks: 'PEG-10', scenario: 'governance away' },
  'consents are counted by call': { breaks: 'PEG-10', scenario: 'governance away' },
  'a thaw does not wait': { breaks: 'PEG-10', scenario: 'governance away' },
  'a window counts each call by itself': { breaks: 'PEG-11', scenario: 'collusion' },
  'evidence freezes one way': { breaks: 'PEG-12', scenario: 'governance at home' },
  'a frozen lane settles': { breaks: 'PEG-12', scenario: 'governance at home' },
  'a receive does not read the lane status': { breaks: 'PEG-12', scenario: 'governance away' },
  'any epoch will do': { breaks: 'PEG-13', scenario: 'governance away' },
  'a suspended key counts': { breaks: 'PEG-13', scenario: 'governance away' },
  'a refund counts against the window': { breaks: 'PEG-14', scenario: 'collusion' },
  'a deadline passes by the clock of the caller': { breaks: 'T14', scenario: 'transfers' },
} as const satisfies Record<string, { readonly breaks: string; readonly scenario: string }>;
export type DesignError = keyof typeof designErrors;
