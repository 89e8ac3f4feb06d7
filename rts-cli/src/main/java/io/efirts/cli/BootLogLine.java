// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One region of the memory map as Linux prints it at boot with {@code efi=debug}, with or without
 * the time before it. For example
 *
 * <pre>
 * [    0.000000] efi: mem76: [Runtime Data|RUN|  |WB|WT|WC|UC] range=[0x1eaa0000-0x1eba1fff] (1MB)
 * </pre>
 *
 * <p>In the first brackets stand the type and a column for each attribute, empty or with its short
 * name. Kernels differ in the columns they have, so names decide, not places. A type the kernel has
 * no name for is {@code type=N}; attributes among which it does not know one are {@code attr=0xN}.
 * The range ends with its last address.
 */
final class BootLogLine {
  /** A priority and a time, as the kernel's log may have them before its text. */
  private static final String PREFIX = "(?:<[0-9]{1,3}>)?(?:\\[ *[0-9]{1,10}\\.[0-9]{1,9}\\] ?)?";

  private static final Pattern REGION =
      Pattern.compile(
          PREFIX
              + "efi: mem([0-9]{1,9}): \\[([^\\[\\]]*)\\] range=\\[([^\\[\\]-]*)-([^\\[\\]-]*)\\]"
              + "(?: \\([0-9]{1,20}MB\\))?\\s*");

  /** How a line begins that claims to be a region. */
  private static final Pattern REGION_START = Pattern.compile(PREFIX + "efi: mem[0-9].*");

  /** Anything else the kernel may say: with a time, or about EFI. */
  private static final Pattern OTHER =
      Pattern.compile("(?:<[0-9]{1,3}>)?(?:\\[ *[0-9]{1,10}\\.[0-9]{1,9}\\]|efi: ).*");

  /** By their number. */
  private static final List<String> TYPES =
      List.of(
          "Reserved",
          "Loader Code",
          "Loader Data",
          "Boot Code",
          "Boot Data",
          "Runtime Code",
          "Runtime Data",
          "Conventional",
          "Unusable",
          "ACPI Reclaim",
          "ACPI Mem NVS",
          "MMIO",
          "MMIO Port",
          "PAL Code",
          "Persistent",
          "Unaccepted");

  private static final String NUMBERED_TYPE = "type=";
  private static final String NUMBERED_ATTRIBUTES = "attr=";

  private static final Map<String, Long> ATTRIBUTES =
      Map.ofEntries(
          Map.entry("RUN", MemoryAttributes.RUNTIME),
          Map.entry("HP", MemoryAttributes.HOT_PLUGGABLE),
          Map.entry("MR", MemoryAttributes.MORE_RELIABLE),
          Map.entry("CC", MemoryAttributes.CPU_CRYPTO),
          Map.entry("SP", MemoryAttributes.SP),
          Map.entry("NV", MemoryAttributes.NV),
          Map.entry("XP", MemoryAttributes.XP),
          Map.entry("RP", MemoryAttributes.RP),
          Map.entry("WP", MemoryAttributes.WP),
          Map.entry("RO", MemoryAttributes.RO),
          Map.entry("UCE", MemoryAttributes.UCE),
          Map.entry("WB", MemoryAttributes.WB),
          Map.entry("WT", MemoryAttributes.WT),
          Map.entry("WC", MemoryAttributes.WC),
          Map.entry("UC", MemoryAttributes.UC));

  private BootLogLine() {}

  /** Whether a line is, or wants to be, a region. */
  static boolean isRegion(String line) {
    return REGION_START.matcher(line).matches();
  }

  /** Whether a line is something else of the kernel's. */
  static boolean isOther(String line) {
    return !isRegion(line) && OTHER.matcher(line).matches();
  }

  /**
   * Whether a line begins a map: Linux numbers the regions of each from 0.
   *
   * @throws IllegalArgumentException when the line is no region
   */
  static boolean isFirst(String line) {
    return Integer.parseInt(match(line).group(1)) == 0;
  }

  /**
   * Parses a line.
   *
   * @param line the line
   * @return the descriptor as printed, without a virtual address; it is not checked
   * @throws IllegalArgumentException when the line is no region
   */
  static EfiMemoryDescriptor parse(String line) {
    Matcher region = match(line);
    String[] columns = region.group(2).split("\\|", -1);
    long first = UnsignedNumbers.parse(region.group(3), "range");
    long last = UnsignedNumbers.parse(region.group(4), "range");
    // A region that wraps or has no page is printed with its last address before its first.
    long bytes = last - first + 1;
    if (Long.compareUnsigned(last, first) < 0
        || bytes == 0
        || bytes % EfiMemoryDescriptor.PAGE_SIZE_BYTES != 0) {
      throw new IllegalArgumentException(
          "range must be whole pages: range="
              + Printable.quoted(region.group(3) + "-" + region.group(4)));
    }
    return new EfiMemoryDescriptor(
        type(columns[0].strip()),
        first,
        0,
        Long.divideUnsigned(bytes, EfiMemoryDescriptor.PAGE_SIZE_BYTES),
        attribute(columns));
  }

  private static Matcher match(String line) {
    Matcher region = REGION.matcher(line);
    if (!region.matches()) {
      throw new IllegalArgumentException(
          "a region must be efi: memN: [type|attributes] range=[first-last]: "
              + Printable.quoted(line));
    }
    return region;
  }

  private static int type(String text) {
    if (text.startsWith(NUMBERED_TYPE)) {
      return UnsignedNumbers.parse32(text.substring(NUMBERED_TYPE.length()), "type");
    }
    int type = TYPES.indexOf(text);
    if (type < 0) {
      throw new IllegalArgumentException(
          "type must be one that Linux prints: type=" + Printable.quoted(text));
    }
    return type;
  }

  private static long attribute(String[] columns) {
    long attribute = 0;
    for (int i = 1; i < columns.length; i++) {
      String column = columns[i].strip();
      if (column.startsWith(NUMBERED_ATTRIBUTES)) {
        attribute |= UnsignedNumbers.parse(column.substring(NUMBERED_ATTRIBUTES.length()), "attr");
      } else if (!column.isEmpty()) {
        Long bit = ATTRIBUTES.get(column);
        if (bit == null) {
          throw new IllegalArgumentException(
              "attribute must be one that Linux prints: attribute=" + Printable.quoted(column));
        }
        attribute |= bit;
      }
    }
    return attribute;
  }
}
