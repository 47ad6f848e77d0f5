-- In:  clips.
-- Out: side, clip_id: scenes 04, 05 and 08 to test on, the others to train on.
-- Why: IKEA ASM's split from the scans' names alone, for stores that lack its lists. One scan of scene 02 is in the authors' test list against their rule.
SELECT CASE WHEN scene IN ('04', '05', '08') OR group_id LIKE '%/0018_white_table_02_01_2019_08_16_10_07_Allstar_Richard_Hartley' THEN 'test' ELSE 'train' END AS side,
  id AS clip_id
FROM clips
WHERE dataset = $dataset AND scene IS NOT NULL
ORDER BY side, clip_id
