-- In:  members (side, clip_id) of a split; clips.
-- Out: example: a person, where the data set names persons, who is on two sides.
-- Why: a body's proportions and habits are learnt with its movements; what holds for new clips of a known person need not hold for a new person.
SELECT 'subject ' || clips.subject || ' is on ' || string_agg(DISTINCT members.side, ' and ' ORDER BY members.side) AS example
FROM members JOIN clips ON clips.id = members.clip_id
WHERE clips.subject IS NOT NULL
GROUP BY clips.subject
HAVING count(DISTINCT members.side) > 1
ORDER BY example
