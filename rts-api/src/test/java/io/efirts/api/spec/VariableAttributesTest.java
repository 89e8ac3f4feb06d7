// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VariableAttributesTest {
  @Test
  void bitsAreThoseOfTheSpecification() {
    assertEquals(0x01, VariableAttributes.NON_VOLATILE);
    assertEquals(0x02, VariableAttributes.BOOTSERVICE_ACCESS);
    assertEquals(0x04, VariableAttributes.RUNTIME_ACCESS);
    assertEquals(0x08, VariableAttributes.HARDWARE_ERROR_RECORD);
    assertEquals(0x10, VariableAttributes.AUTHENTICATED_WRITE_ACCESS);
    assertEquals(0x20, VariableAttributes.TIME_BASED_AUTHENTICATED_WRITE_ACCESS);
    assertEquals(0x40, VariableAttributes.APPEND_WRITE);
    assertEquals(0x80, VariableAttributes.ENHANCED_AUTHENTICATED_ACCESS);
    assertEquals(0xFF, VariableAttributes.ALL_DEFINED);
  }

  @ParameterizedTest
  @CsvSource({
    "0x0, 0",
    "0x7, NV|BS|RT",
    "0x27, NV|BS|RT|AT",
    "0xff, NV|BS|RT|HR|AW|AT|AP|EA",
    "0x101, NV|0x100",
    "0xffffff00, 0xffffff00"
  })
  void aMaskHasOneText(String mask, String text) {
    int attributes = Integer.parseUnsignedInt(mask.substring(2), 16);

    assertEquals(text, VariableAttributes.describe(attributes));
    assertEquals(attributes, VariableAttributes.parse(text));
  }

  @Property(seed = "1")
  void whatIsDescribedCanBeParsed(@ForAll int attributes) {
    assertEquals(attributes, VariableAttributes.parse(VariableAttributes.describe(attributes)));
  }

  @Property(seed = "1")
  void numbersAreTakenInBothBases(@ForAll int attributes) {
    assertEquals(attributes, VariableAttributes.parse(Integer.toUnsignedString(attributes)));
    assertEquals(attributes, VariableAttributes.parse("0x" + Integer.toHexString(attributes)));
  }

  @ParameterizedTest
  @CsvSource({
    "'NV,BS,RT', 7",
    "'nv | bs', 3",
    "'rt,rt', 4",
    "'7', 7",
    "'0X27', 39",
    "' AP ', 64",
    "'NV,0x26', 39",
    "'4294967295', -1"
  })
  void peopleMayWriteItInSeveralWays(String text, int attributes) {
    assertEquals(attributes, VariableAttributes.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "NV,",
        "|NV",
        "XX",
        "NV BS",
        "-1",
        "+1",
        "0x",
        "0x-1",
        "0x100000000",
        "4294967296",
        "99999999999999999999",
        "\u0661"
      })
  void anotherTextIsRejectedWithThePart(String text) {
    String part = text.equals("NV,") || text.equals("|NV") ? "" : text;

    assertEquals(
        "attributes must be NV, BS, RT, HR, AW, AT, AP, EA or 32-bit numbers joined by , or |: "
            + "attributes="
            + text
            + ", part="
            + part,
        assertThrows(IllegalArgumentException.class, () -> VariableAttributes.parse(text))
            .getMessage());
  }

  @Test
  void aMissingTextIsNamed() {
    assertEquals(
        "attributes must be given: attributes=null",
        assertThrows(NullPointerException.class, () -> VariableAttributes.parse(null))
            .getMessage());
  }
}
