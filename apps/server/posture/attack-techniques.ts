import type { AttackTechnique } from '@plimsoll/types'

const initialAccess = { id: 'TA0001', name: 'Initial Access' }
const privilegeEscalation = { id: 'TA0004', name: 'Privilege Escalation' }

/**
 * What vulnerable software in an image is used for, by MITRE ATT&CK: of the techniques that it lists for containers those
 * that rest on a vulnerability of the software that runs. Exploitation for Client Execution (T1203) is of programs that a
 * person opens files with, and is not listed for containers.
 */
export const attackTechniques: AttackTechnique[] = [
  { tactic: initialAccess, id: 'T1190', name: 'Exploit Public-Facing Application' },
  { tactic: privilegeEscalation, id: 'T1068', name: 'Exploitation for Privilege Escalation' },
  { tactic: privilegeEscalation, id: 'T1611', name: 'Escape to Host' },
]
