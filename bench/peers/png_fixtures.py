"""PNG files of Pillow for test/loader/frames/png-decoder.test.ts: python bench/peers/png_fixtures.py > test/fixtures/png.json"""
import base64, hashlib, io, json
import numpy as np
from PIL import Image

random = np.random.default_rng(1)
y, x = np.mgrid[0:19, 0:23]
smooth = np.stack([x * 11, y * 13, x * 5 + y * 4], axis=2).astype(np.uint8)
noisy = (smooth + random.integers(0, 9, smooth.shape)).astype(np.uint8)
colour = Image.fromarray(noisy)
pictures = {
    'colour': colour,
    'colour with alpha': Image.fromarray(np.dstack([noisy, random.integers(0, 256, (19, 23), dtype=np.uint8)])),
    'grey': colour.convert('L'),
    'grey with alpha': colour.convert('LA'),
    'palette': colour.quantize(40),
}
made = []
for name, picture in pictures.items():
    file = io.BytesIO()
    picture.save(file, 'PNG')
    # alpha is left out, not blended
    rgb = np.array(picture)[..., :3] if picture.mode == 'RGBA' else np.repeat(np.array(picture)[..., :1], 3, axis=2) if picture.mode == 'LA' else np.array(picture.convert('RGB'))
    made.append({'name': name, 'png': base64.b64encode(file.getvalue()).decode(), 'sha256': hashlib.sha256(np.ascontiguousarray(rgb).tobytes()).hexdigest()})
print(json.dumps({'width': 23, 'height': 19, 'pictures': made}, indent=1))
