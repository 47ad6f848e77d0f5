-- In:  members (side, clip_id) of a split; clips.
-- Out: example: a side that has no frame at all; train and test must be there.
-- Why: a measure over nothing is no measure.
WITH needed AS (SELECT unnest(['train', 'test']) AS side UNION SELECT side FROM members)
SELECT needed.side || ' has no frames' AS example
FROM needed LEFT JOIN members ON members.side = needed.side LEFT JOIN clips ON clips.id = members.clip_id
GROUP BY needed.side
HAVING coalesce(sum(clips.n_frames), 0) = 0
ORDER BY example
