// What the server would refuse, refused before it is sent, in the server's own words.

export function checker(allowedTypes, limits) {
  return (file) => {
    // Where the browser knows no type, the server looks at the bytes.
    if (file.type && !allowedTypes.includes(file.type)) {
      return `Unsupported file type: ${file.type}. Allowed types: ${allowedTypes.join(", ")}.`;
    }
    if (file.size === 0) return "The photo is empty.";
    const most = limits.max_image_size_bytes;
    if (file.size > most) return `The photo has ${file.size} bytes; at most ${most} are allowed.`;
    return "";
  };
}
