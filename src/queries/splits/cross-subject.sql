-- In:  clips.
-- Out: side, clip_id: the data set's own sides, but nobody is trained on who is also tested.
-- Why: where the published split has people on both sides, the test side stays comparable and the leak goes.
SELECT official_split AS side, id AS clip_id
FROM clips
WHERE dataset = $dataset AND subject IS NOT NULL AND official_split IS NOT NULL
  AND (official_split = 'test' OR subject NOT IN (SELECT subject FROM clips WHERE dataset = $dataset AND official_split = 'test' AND subject IS NOT NULL))
ORDER BY side, clip_id
