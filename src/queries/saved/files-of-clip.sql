-- In:  files; $clip: an id.
-- Out: path, role, frame (null = the whole clip), place, bytes, sha256: the raw files that a clip was read from, relative to the raw folder.
-- Why: every number leads back to bytes.
SELECT path, role, frame, place, bytes, sha256
FROM files
WHERE clip_id = $clip
ORDER BY path, frame, place
