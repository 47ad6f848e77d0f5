-- In:  a, b: joints; joint_columns; clips.
-- Out: clip_id, frame, person, length, unit, dataset: the distance of two joints of one person in one frame; null where one of them is absent.
-- Why: bones do not change their length; in 3D a jump is a fault, in 2D it is also foreshortening.
CREATE MACRO bone_length(a, b) AS TABLE
SELECT clip_id, frame, person, sqrt(pow(x_a::DOUBLE - x_b, 2) + pow(y_a::DOUBLE - y_b, 2) + coalesce(pow(z_a::DOUBLE - z_b, 2), 0)) AS length, unit, bone.dataset
FROM joint_columns(a, b, b) AS bone
JOIN clips ON clips.id = bone.clip_id
