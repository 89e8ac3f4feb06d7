// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EfiStatusTest {
  @ParameterizedTest
  @CsvSource({
    "0x8000000000000001, LOAD_ERROR",
    "0x8000000000000002, INVALID_PARAMETER",
    "0x8000000000000003, UNSUPPORTED",
    "0x8000000000000004, BAD_BUFFER_SIZE",
    "0x8000000000000005, BUFFER_TOO_SMALL",
    "0x8000000000000006, NOT_READY",
    "0x8000000000000007, DEVICE_ERROR",
    "0x8000000000000008, WRITE_PROTECTED",
    "0x8000000000000009, OUT_OF_RESOURCES",
    "0x800000000000000a, VOLUME_CORRUPTED",
    "0x800000000000000b, VOLUME_FULL",
    "0x800000000000000c, NO_MEDIA",
    "0x800000000000000d, MEDIA_CHANGED",
    "0x800000000000000e, NOT_FOUND",
    "0x800000000000000f, ACCESS_DENIED",
    "0x8000000000000010, NO_RESPONSE",
    "0x8000000000000011, NO_MAPPING",
    "0x8000000000000012, TIMEOUT",
    "0x8000000000000013, NOT_STARTED",
    "0x8000000000000014, ALREADY_STARTED",
    "0x8000000000000015, ABORTED",
    "0x8000000000000016, ICMP_ERROR",
    "0x8000000000000017, TFTP_ERROR",
    "0x8000000000000018, PROTOCOL_ERROR",
    "0x8000000000000019, INCOMPATIBLE_VERSION",
    "0x800000000000001a, SECURITY_VIOLATION",
    "0x800000000000001b, CRC_ERROR",
    "0x800000000000001c, END_OF_MEDIA",
    "0x800000000000001f, END_OF_FILE",
    "0x8000000000000020, INVALID_LANGUAGE",
    "0x8000000000000021, COMPROMISED_DATA",
    "0x8000000000000022, IP_ADDRESS_CONFLICT",
    "0x8000000000000023, HTTP_ERROR",
    "0x0, SUCCESS",
    "0x1, WARN_UNKNOWN_GLYPH",
    "0x2, WARN_DELETE_FAILURE",
    "0x3, WARN_WRITE_FAILURE",
    "0x4, WARN_BUFFER_TOO_SMALL",
    "0x5, WARN_STALE_DATA",
    "0x6, WARN_FILE_SYSTEM",
    "0x7, WARN_RESET_REQUIRED"
  })
  void everyCodeOfTheSpecificationHasItsNameAndOneInstance(String word, String name)
      throws ReflectiveOperationException {
    long raw = Long.parseUnsignedLong(word.substring(2), 16);

    EfiStatus constant = (EfiStatus) EfiStatus.class.getField(name).get(null);

    assertEquals(raw, EfiStatusCode.class.getField(name).getLong(null));
    assertEquals(raw, constant.raw());
    assertEquals("EFI_" + name, constant.name());
    assertEquals("EFI_" + name, constant.toString());
    assertSame(constant, EfiStatus.of(raw));
    assertEquals(raw < 0, constant.isError());
    assertEquals(raw > 0, constant.isWarning());
    assertFalse(constant.isOem());
  }

  @Test
  void thereAre41StatusesAndNoTwoShareAWord() throws IllegalAccessException {
    Map<Long, EfiStatus> byWord = new HashMap<>();
    int constants = 0;
    for (Field field : EfiStatus.class.getFields()) {
      if (Modifier.isStatic(field.getModifiers()) && field.getType() == EfiStatus.class) {
        EfiStatus status = (EfiStatus) field.get(null);
        byWord.put(status.raw(), status);
        constants++;
      }
    }

    assertEquals(41, constants);
    assertEquals(constants, byWord.size());
  }

  @ParameterizedTest
  @CsvSource({
    "0x8000000000000000, true, false, false",
    "0x800000000000001d, true, false, false",
    "0x800000000000001e, true, false, false",
    "0x8000000000000024, true, false, false",
    "0xa000000000000002, true, false, false",
    "0xc000000000000001, true, false, true",
    "0xffffffffffffffff, true, false, true",
    "0x8, false, true, false",
    "0x4000000000000001, false, true, true",
    "0x7fffffffffffffff, false, true, true"
  })
  void aCodeWithoutANameSurvives(String word, boolean error, boolean warning, boolean oem) {
    long raw = Long.parseUnsignedLong(word.substring(2), 16);

    EfiStatus status = EfiStatus.of(raw);

    assertEquals(raw, status.raw());
    assertEquals("EFI_STATUS(" + word + ")", status.name());
    assertEquals(error, status.isError());
    assertEquals(warning, status.isWarning());
    assertEquals(oem, status.isOem());
    assertNotSame(status, EfiStatus.of(raw));
    assertEquals(status, EfiStatus.of(raw));
    assertEquals(status.hashCode(), EfiStatus.of(raw).hashCode());
  }

  @Property(seed = "1")
  void everyWordComesBackAndEqualityIsThatOfTheWord(@ForAll long raw, @ForAll long other) {
    EfiStatus status = EfiStatus.of(raw);

    assertEquals(raw, status.raw());
    assertEquals(raw == other, status.equals(EfiStatus.of(other)));
    assertTrue(raw == 0 || status.isError() != status.isWarning());
  }

  @Test
  void aStatusEqualsNothingElse() {
    assertNotEquals(EfiStatus.SUCCESS, null);
    assertNotEquals(EfiStatus.SUCCESS, (Object) 0L);
  }

  @ParameterizedTest
  @CsvSource({
    "0x00000000, 0x0",
    "0x00000007, 0x7",
    "0x8000000e, 0x800000000000000e",
    "0xa0000002, 0xa000000000000002",
    "0xc0000001, 0xc000000000000001",
    "0x40000001, 0x4000000000000001",
    "0x1fffffff, 0x1fffffff",
    "0xffffffff, 0xe00000001fffffff"
  })
  void a32BitStatusKeepsItsClassAndItsCode(String narrow, String wide) {
    int status32 = Integer.parseUnsignedInt(narrow.substring(2), 16);
    long raw = Long.parseUnsignedLong(wide.substring(2), 16);

    assertEquals(raw, EfiStatusCode.ofWidth32(status32));
    assertEquals(EfiStatus.of(raw), EfiStatus.ofWidth32(status32));
  }

  @Test
  void a32BitErrorIsTheSameInstanceAsThe64BitOne() {
    assertSame(EfiStatus.HTTP_ERROR, EfiStatus.ofWidth32(0x80000023));
  }
}
