-- In:  clips; sides, where CASA's npyrecords were ingested: their files say who trains.
-- Out: side, clip_id: the sides of those files; without them the 13 actions that CASA trains on, on the sides of the data set's own flag.
-- Why: CASA's lists are in its archive alone; they lack some videos that the data set has.
SELECT side, clip_id FROM sides WHERE dataset = $dataset AND split = 'casa'
UNION ALL
SELECT official_split AS side, id AS clip_id
FROM clips
WHERE dataset = $dataset AND official_split IS NOT NULL AND action NOT IN ('jump_rope', 'strum_guitar')
  AND NOT EXISTS (SELECT 1 FROM sides WHERE dataset = $dataset AND split = 'casa')
ORDER BY side, clip_id
