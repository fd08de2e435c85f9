import { counted } from './quantity.ts'

/** What came of asking for scans of many images. */
export const askedSentence = (asked: number): string =>
  asked === 0
    ? 'No scan was asked for: none is there, or all wait already.'
    : `${counted(asked, 'scan')} asked for.`
