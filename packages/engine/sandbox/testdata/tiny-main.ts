import { tiny } from '../../inventory/testdata/tiny-ecosystem.ts'
import { answerParent } from '../child.ts'

// As child-main.ts, with an ecosystem that can be made to misbehave.
process.permission.drop('fs.read')
await answerParent([tiny])
