import type templates from '../id/templates';
import type { SameKeys } from '../shape';

const words: SameKeys<typeof templates> = {
  templates: {
    lead: 'The text of each service’s letters. A text is never changed: a change is a new version, and letters that were issued keep theirs.',
    service: 'Service',
    edition: 'Version',
    heading: 'Heading of the letter',
    body: 'Text',
    body_hint:
      'One line is one paragraph. Lines like “Label : value” are printed in two columns. Placeholders stand between double braces.',
    author: 'Written by',
    shipped: 'Came with the application',
    activated: 'In force since',
    of: '{{service}}, version {{edition}}',
    none: 'No texts yet',
    none_why: 'Write the first text for a service.',
    write: 'Write a new text',
    write_lead: 'It is saved as a draft and comes into force when another person says so.',
    next_of: '{{service}}: new version',
    go_on: 'Write a new version of it',
    save: 'Save the draft',
    saved: 'Draft saved.',
    preview: 'PDF example',
    preview_done: 'An example with made-up data was downloaded.',
    activate: 'Put into force',
    activate_lead:
      'From now on letters of this service are made from this version. Letters that were issued do not change.',
    activated_done: 'The text is in force.',
    own: 'Your own draft: another person puts it into force.',
    placeholders: 'Placeholders',
    placeholders_lead:
      'Press one to put it where the cursor is. After its name, |upper prints capitals and |short a date in figures.',
    faults: 'The text cannot be read yet: {{n}} mistakes',
    fault_at: 'Line {{line}}, character {{column}}:',
    faulty: 'A placeholder is wrong; see the list above.',
  },
  template_fault: {
    unknown_placeholder: 'this placeholder is not known.',
    wrong_format: 'the format of this placeholder does not fit its type.',
    unclosed_placeholder: 'the braces are not closed.',
    unopened_placeholder: 'braces are closed that were not opened.',
  },
  template_status: {
    draft: 'Draft',
    in_force: 'In force',
    retired: 'No longer in force',
  },
};

export default words;
