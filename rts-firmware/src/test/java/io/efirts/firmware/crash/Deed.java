// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.crash;

import io.efirts.api.spec.EfiGuid;
import io.efirts.firmware.FirmwareHarness;
import java.util.Map;
import java.util.TreeMap;

/** What somebody does with the variables V, which exists at first, and W, which does not. */
public enum Deed {
  NOTHING,
  REPLACE,
  APPEND,
  CREATE,
  DELETE;

  public static final EfiGuid GUID = EfiGuid.of("6f1d3bd4-6a53-4d2c-9d62-6d0a3c8b7a10");

  private static final int ATTRIBUTES =
      FirmwareHarness.NV | FirmwareHarness.BS | FirmwareHarness.RT;

  /** Calls a firmware; the mark tells whose deed it was. Returns the status. */
  public long done(FirmwareHarness firmware, int mark) {
    byte one = (byte) mark;
    return switch (this) {
      case NOTHING -> 0;
      case REPLACE -> firmware.set("V", GUID, ATTRIBUTES, one, one, one);
      case APPEND -> firmware.set("V", GUID, ATTRIBUTES | FirmwareHarness.APPEND, one, one);
      case CREATE -> firmware.set("W", GUID, ATTRIBUTES, one, one);
      case DELETE -> firmware.delete("V", GUID, ATTRIBUTES);
    };
  }

  /** What {@link FirmwareHarness#variables} shows once it is done. */
  public Map<String, String> on(Map<String, String> before, int mark) {
    Map<String, String> after = new TreeMap<>(before);
    String one = String.format("%02x", mark);
    switch (this) {
      case NOTHING -> {}
      case REPLACE -> after.put("V", one.repeat(3));
      case APPEND -> after.merge("V", one.repeat(2), String::concat);
      case CREATE -> after.put("W", one.repeat(2));
      case DELETE -> after.remove("V");
    }
    return after;
  }
}
