-- In:  speed; $joint: a joint.
-- Out: clip_id, frame, person, speed, unit: the 20 frames into which that joint moved furthest, furthest first.
-- Why: jumps of an annotation are faster than any body.
SELECT clip_id, frame, person, round(speed, 2) AS speed, unit
FROM speed($joint)
WHERE speed IS NOT NULL
ORDER BY speed DESC, clip_id, frame, person
LIMIT 20
