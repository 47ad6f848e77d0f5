-- In:  sides: what names, or a file's lists, say of each sequence.
-- Out: side, clip_id: camera 1 is tested, 2 and 3 train.
-- Why: NTU RGB+D's protocol by the camera.
SELECT side, clip_id
FROM sides
WHERE dataset = $dataset AND split = 'xview'
ORDER BY side, clip_id
