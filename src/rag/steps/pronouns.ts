// Pronouns in the languages that small models answer in most.

/** Words that stand for something said before. */
export const pronouns: ReadonlySet<string> = new Set(
  (
    'it its they them their theirs he him his she her hers this that these those there one ones former latter ' +
    'er ihn ihm ihr ihre ihrer ihren sie es dessen deren dieser diese dieses diesen diesem dort dazu damit davon daran ' +
    'il ils elle elles lui leur leurs cela ça celui celle ceux celles ' +
    'él ella ellos ellas eso esto esta este estos estas esos esas ello su sus ' +
    'esso essa essi loro questo questa quello quella ele ela eles elas isso isto ' +
    '它 它们 他 她 他们 这 那 这个 那个 هو هي هم هذا هذه ذلك تلك'
  ).split(' '),
);
