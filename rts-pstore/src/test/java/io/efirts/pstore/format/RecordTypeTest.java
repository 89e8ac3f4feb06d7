// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordTypeTest {
  @Test
  void prefixesStandByTheirCodes() {
    assertEquals(
        List.of(
            "dmesg",
            "mce",
            "console",
            "ftrace",
            "rtas",
            "powerpc-ofw",
            "powerpc-common",
            "pmsg",
            "powerpc-opal"),
        Arrays.stream(RecordType.values()).map(type -> RecordType.prefixOf(type.code())).toList());
    assertEquals("mce", RecordType.MCE.prefix());
  }

  @Test
  void otherCodesHaveOnePrefix() {
    assertEquals("unknown", RecordType.prefixOf(9));
    assertEquals("unknown", RecordType.prefixOf(-1));
    assertEquals("unknown", RecordType.prefixOf(Integer.MAX_VALUE));
  }
}
