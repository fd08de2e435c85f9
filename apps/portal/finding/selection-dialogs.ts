/** What is asked about chosen findings; one file to load, when one of them is opened. */
export { ReEnable } from '../rule/re-enable.tsx'
export { RescanImages } from './rescan-images.tsx'
