-- In:  clips.
-- Out: side, clip_id: the Kallax shelf drawers, on the sides of the data set's own lists.
-- Why: CASA, VAOT and LA2DS take this one piece of furniture of IKEA ASM.
SELECT official_split AS side, id AS clip_id
FROM clips
WHERE dataset = $dataset AND official_split IS NOT NULL AND action = 'Kallax_Shelf_Drawer'
ORDER BY side, clip_id
