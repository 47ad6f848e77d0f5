-- In:  name: a joint by its anatomical name; joint_columns.
-- Out: clip_id, frame, person, x, y, z, confidence, state, dataset: a row per frame and person that has the joint, across layouts and data sets; absent ones without coordinates.
-- Why: reads that joint's columns and nothing else.
CREATE MACRO joint(name) AS TABLE
SELECT clip_id, frame, person, x_a AS x, y_a AS y, z_a AS z, confidence_a AS confidence, state_a AS state, dataset
FROM joint_columns(name, name, name)
