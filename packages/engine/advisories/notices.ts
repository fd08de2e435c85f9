/**
 * Notices of updates by their ids: they name a release of packages that mends something, not the thing that is mended.
 * RHSA, ALSA, RLSA, ELSA: security, of Red Hat and of those that build from it; with B or E in place of the S, bug
 * fixes and enhancements. DSA, DLA, DTSA: Debian. USN, LSN: Ubuntu. ALAS: Amazon. SUSE-SU, openSUSE-SU: security; with
 * F, O or R, features, optional and recommended updates. MGASA: Mageia. OESA: openEuler.
 */
const notices =
  /^(DSA|DLA|DTSA|USN|LSN|(RH|AL|RL|RX|EL)[SBE]A|ALAS\d*|(SUSE|openSUSE)-[SFOR]U|MGASA|MGAA|OESA)-/

const otherNotices = /^((RH|AL|RL|RX|EL)[BE]A|(SUSE|openSUSE)-[FOR]U|MGAA)-/

/** Whether an id is a notice's, and not one that somebody gave to a vulnerability. */
export const isNotice = (id: string): boolean => notices.test(id)

/** Whether an id is that of a notice of bug fixes, enhancements or features. Some mend vulnerabilities all the same. */
export const isOtherNotice = (id: string): boolean => otherNotices.test(id)
