-- In:  clips; sides, where TCC's label files were ingested: their folders say who trains.
-- Out: side, clip_id: the sides of those folders; without them the 13 actions that TCC labelled, on the sides of the data set's own flag.
-- Why: TCC and CARL split Penn Action by these folders. They lack some videos, and no list of them was published.
SELECT side, clip_id FROM sides WHERE dataset = $dataset AND split = 'tcc'
UNION ALL
SELECT official_split AS side, id AS clip_id
FROM clips
WHERE dataset = $dataset AND official_split IS NOT NULL AND action NOT IN ('jump_rope', 'strum_guitar')
  AND NOT EXISTS (SELECT 1 FROM sides WHERE dataset = $dataset AND split = 'tcc')
ORDER BY side, clip_id
