import { describe, expect, it } from 'vitest'
import { cvssOf } from './cvss.ts'

describe('a CVSS base score', () => {
  // The examples of the specifications: v2.0 section 3.3, v3.1 and v4.0 "Examples".
  it.each([
    ['2.0', 'AV:N/AC:L/Au:N/C:N/I:N/A:C', 7.8],
    ['2.0', 'AV:N/AC:L/Au:N/C:C/I:C/A:C', 10],
    ['2.0', 'AV:L/AC:H/Au:N/C:C/I:C/A:C', 6.2],
    ['3.0', 'CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1],
    ['3.1', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1],
    ['3.1', 'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N', 6.4],
    ['3.1', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', 7.5],
    ['3.1', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', 0],
    ['4.0', 'CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 7.3],
    ['4.0', 'CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 7.7],
    ['4.0', 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N', 8.7],
    ['4.0', 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H', 10],
  ])('of version %s is read from %s', (version, vector, baseScore) => {
    expect(cvssOf(vector, 'NVD')).toEqual({ version, vector, baseScore, source: 'NVD' })
  })

  it('leaves temporal and environmental metrics out', () => {
    const base = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'
    expect(cvssOf(`${base}/E:U/RL:O/RC:U/MAV:P`, 'x')?.baseScore).toBe(9.8)
    expect(
      cvssOf('CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N/E:U', 'x')?.baseScore,
    ).toBe(8.7)
    expect(cvssOf('AV:N/AC:L/Au:N/C:C/I:C/A:C/E:U/RL:OF/RC:UC', 'x')?.baseScore).toBe(10)
  })

  it('survives the ways in which published vectors go wrong', () => {
    expect(cvssOf('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/', 'x')?.baseScore).toBe(9.8)
    expect(cvssOf('CVSS:3.1/PR:N/UI:N/S:U/C:H/I:H/A:H/AV:N/AC:L', 'x')?.baseScore).toBe(9.8)
    expect(cvssOf('(AV:N/AC:L/Au:N/C:N/I:N/A:C)', 'x')?.baseScore).toBe(7.8)
  })

  it.each([
    '',
    'medium',
    'CVSS:3.1',
    'CVSS:3.1/AV:N/AC:L',
    'CVSS:3.1/AV:N/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    'CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    'CVSS:3.1/AV:NA/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    'CVSS:3.1/AV:/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    'CVSS:5.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    'CVSS:4.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    `CVSS:3.1/${'AV:N/'.repeat(100_000)}`,
  ])('is not made up for %.60s', vector => {
    expect(cvssOf(vector, 'NVD')).toBeNull()
  })
})
