// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BootLogLineTest {
  private static final String RANGE = " range=[0x000000001eaa0000-0x000000001eba1fff] (1MB)";

  private static EfiMemoryDescriptor parse(String brackets) {
    return BootLogLine.parse("efi: mem76: [" + brackets + "]" + RANGE);
  }

  @Test
  void aLineIsADescriptor() {
    assertEquals(
        new EfiMemoryDescriptor(6, 0x1EAA_0000L, 0, 0x102, 0x8000_0000_0000_000FL),
        parse("Runtime Data|RUN|  |  |  |  |  |  |  |  |  |   |WB|WT|WC|UC"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[    0.000000] ", "[12345.678901] ", "<6>[    0.000000] ", "<6>", "[0.1]"})
  void aTimeMayStandBefore(String prefix) {
    String line = prefix + "efi: mem00: [MMIO        |UC]" + RANGE;

    assertTrue(BootLogLine.isRegion(line));
    assertTrue(BootLogLine.isFirst(line));
    assertEquals(11, BootLogLine.parse(line).type());
  }

  @ParameterizedTest
  @CsvSource({
    "'Reserved    ', 0",
    "'Loader Code ', 1",
    "'Loader Data ', 2",
    "'Boot Code   ', 3",
    "'Boot Data   ', 4",
    "'Runtime Code', 5",
    "'Runtime Data', 6",
    "'Conventional', 7",
    "'Unusable    ', 8",
    "'ACPI Reclaim', 9",
    "'ACPI Mem NVS', 10",
    "'MMIO        ', 11",
    "'MMIO Port   ', 12",
    "'PAL Code    ', 13",
    "'Persistent  ', 14",
    "'Unaccepted  ', 15",
    "'type=16', 16",
    "'type=2147483649', -2147483647"
  })
  void everyTypeHasItsName(String name, int type) {
    assertEquals(type, parse(name + "|WB").type());
  }

  @ParameterizedTest
  @CsvSource({
    "RUN, RUNTIME",
    "HP, HOT_PLUGGABLE",
    "MR, MORE_RELIABLE",
    "CC, CPU_CRYPTO",
    "SP, SP",
    "NV, NV",
    "XP, XP",
    "RP, RP",
    "WP, WP",
    "RO, RO",
    "UCE, UCE",
    "WB, WB",
    "WT, WT",
    "WC, WC",
    "UC, UC"
  })
  void everyColumnHasItsBit(String column, String attribute) {
    assertEquals(
        attribute, MemoryAttributes.describe(parse("MMIO|   |" + column + "|  ").attribute()));
  }

  @Test
  void attributesWithoutNamesAreANumber() {
    assertEquals(0x8100_0000_0000_000FL, parse("Conventional|attr=0x810000000000000f").attribute());
  }

  @Test
  void aRegionMayEndWithTheAddressSpace() {
    EfiMemoryDescriptor region =
        BootLogLine.parse(
            "efi: mem1: [MMIO|UC] range=[0x8000000000000000-0xffffffffffffffff] (8796093022208MB)");

    assertEquals(1L << 51, region.numberOfPages());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Boot Date   |WB; type must be one that Linux prints: type=\"Boot Date\"",
        "type=x|WB; type must be a number of 64 bits, decimal or with 0x: type=\"x\"",
        "type=4294967296|WB; type must be a number of 32 bits: type=\"4294967296\"",
        "MMIO|RUN|WX; attribute must be one that Linux prints: attribute=\"WX\"",
        "MMIO|attr=15g; attr must be a number of 64 bits, decimal or with 0x: attr=\"15g\""
      })
  void wordsThatLinuxDoesNotPrintAreRefused(String brackets, String message) {
    assertEquals(
        message, assertThrows(IllegalArgumentException.class, () -> parse(brackets)).getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0x1000-0xfff",
        "0x0-0xffffffffffffffff",
        "0x2000-0x1fff",
        "0x1000-0x1000",
        "0x1000-0x2000",
        "0x2000-0xfff"
      })
  void rangesThatAreNotWholePagesAreRefused(String range) {
    assertEquals(
        "range must be whole pages: range=\"" + range + "\"",
        assertThrows(
                IllegalArgumentException.class,
                () -> BootLogLine.parse("efi: mem00: [MMIO|UC] range=[" + range + "] (0MB)"))
            .getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "efi: mem00:",
        "efi: mem00: [MMIO|UC]",
        "efi: mem00: [MMIO|UC] range=[0x0-0xfff",
        "efi: mem00: [MMIO|UC] range=[0xfff] (0MB)",
        "efi: mem00: [MMIO|UC] range=[0x0-0xfff] (0MB) and more",
        "efi: mem00: type=7, attr=0xf, range=[0x0-0x1000) (0MB)",
        "efi: mem1234567890: [MMIO|UC] range=[0x0-0xfff] (0MB)",
        "efi: mem0x: [MMIO|UC] range=[0x0-0xfff] (0MB)"
      })
  void linesThatOnlyBeginAsRegionsAreRefused(String line) {
    assertTrue(BootLogLine.isRegion(line));
    assertEquals(
        "a region must be efi: memN: [type|attributes] range=[first-last]: \"" + line + '"',
        assertThrows(IllegalArgumentException.class, () -> BootLogLine.parse(line)).getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[    0.000000] Linux version 6.1.0",
        "efi: EFI v2.70 by Debian distribution of EDK II",
        "[    0.000000] efi: Remove mem122: MMIO range=[0xffc00000-0xffffffff] (4MB) from e820 map",
        "<6>[    0.000000] secureboot: Secure boot disabled"
      })
  void whateverElseTheKernelSaysIsNoRegion(String line) {
    assertFalse(BootLogLine.isRegion(line));
    assertTrue(BootLogLine.isOther(line));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "garbage", "7 0 0 1 0xf", "[ x ] efi: mem00:", "mem00: [MMIO|UC]"})
  void whatTheKernelDoesNotSayIsNeither(String line) {
    assertFalse(BootLogLine.isRegion(line));
    assertFalse(BootLogLine.isOther(line));
  }
}
