-- In:  clips.
-- Out: id, action, n_frames, seconds (null where fps is not known): the 20 longest clips, longest first.
-- Why: what decides memory, and what is cut or resampled most.
SELECT id, action, n_frames, round(n_frames / fps, 2) AS seconds
FROM clips
ORDER BY n_frames DESC, id
LIMIT 20
