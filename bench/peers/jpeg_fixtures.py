"""JPEG files of Pillow for test/loader/frames/jpeg-kinds.test.ts: python bench/peers/jpeg_fixtures.py > test/fixtures/jpeg.json"""
import base64, io, json
import numpy as np
from PIL import Image

y, x = np.mgrid[0:19, 0:23]
colour = Image.fromarray(np.stack([x * 11, y * 13, x * 5 + y * 4], axis=2).astype(np.uint8))
turned = Image.Exif()
turned[0x112] = 6
pictures = {
    'colour': (colour, {}),
    'colour, progressive': (colour, {'progressive': True}),
    'colour at every px (4:4:4)': (colour, {'subsampling': 0}),
    'colour at half the columns (4:2:2)': (colour, {'subsampling': 1}),
    'red, green and blue as they are': (colour, {'keep_rgb': True}),
    'grey': (colour.convert('L'), {}),
    'grey, progressive': (colour.convert('L'), {'progressive': True}),
    'colour, to be turned by whoever shows it': (colour, {'exif': turned}),
    'cyan, magenta, yellow and black': (colour.convert('CMYK'), {}),
}
made = []
for name, (picture, options) in pictures.items():
    file = io.BytesIO()
    picture.save(file, 'JPEG', quality=90, **options)
    # as it is stored: nothing is turned
    rgb = np.array(Image.open(io.BytesIO(file.getvalue())).convert('RGB'))
    made.append({'name': name, 'jpeg': base64.b64encode(file.getvalue()).decode(), 'rgb': base64.b64encode(np.ascontiguousarray(rgb).tobytes()).decode()})
print(json.dumps({'width': 23, 'height': 19, 'pictures': made}, indent=1))
