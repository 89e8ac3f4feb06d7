// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.fault;

import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spi.Firmware;
import io.efirts.testkit.FrameArguments;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * GetNextVariableName as firmware answers it that has lost its way: none of these walks ever comes
 * to EFI_NOT_FOUND. Every call allocates, none blocks.
 */
public final class VariableNameFaults {
  private static final int NAME = 1;
  private static final int VENDOR_GUID = 2;

  private VariableNameFaults() {}

  /**
   * The same name for ever, whatever name it is asked after.
   *
   * @param name the name
   * @param vendorGuid its namespace
   * @return a behaviour for GetNextVariableName
   */
  public static Firmware repeated(String name, EfiGuid vendorGuid) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(vendorGuid, "vendorGuid");
    return frame -> answer(frame, name, vendorGuid);
  }

  /**
   * A walk that comes back to a name it has already been at.
   *
   * @param vendorGuid the namespace of all names
   * @param backTo index of the name that follows the last one
   * @param names the names in their order; asked after any other, it answers EFI_INVALID_PARAMETER
   * @return a behaviour for GetNextVariableName
   * @throws IndexOutOfBoundsException if there is no name to go back to
   */
  public static Firmware cycle(EfiGuid vendorGuid, int backTo, String... names) {
    List<String> order = List.of(names);
    Objects.checkIndex(backTo, order.size());
    Objects.requireNonNull(vendorGuid, "vendorGuid");
    return frame -> {
      String current = FrameArguments.name(frame, NAME);
      int index = order.indexOf(current);
      if (index < 0 && !current.isEmpty()) {
        return EfiStatusCode.INVALID_PARAMETER;
      }
      int next = index + 1 == order.size() ? backTo : index + 1;
      return answer(frame, order.get(next), vendorGuid);
    };
  }

  /**
   * A name without a NUL that fills the whole buffer, with EFI_SUCCESS.
   *
   * @param vendorGuid its namespace
   * @return a behaviour for GetNextVariableName
   */
  public static Firmware unterminated(EfiGuid vendorGuid) {
    Objects.requireNonNull(vendorGuid, "vendorGuid");
    return frame -> {
      long size = frame.memory().getLong(FirmwareAnswers.sizeAddress(frame));
      byte[] name = new byte[Math.toIntExact(size)];
      Arrays.fill(name, (byte) 'x');
      FrameArguments.write(frame, NAME, name);
      writeGuid(frame, vendorGuid);
      return EfiStatusCode.SUCCESS;
    };
  }

  private static long answer(CallFrame frame, String name, EfiGuid vendorGuid) {
    byte[] units = (name + '\0').getBytes(StandardCharsets.UTF_16LE);
    long sizeAddress = FirmwareAnswers.sizeAddress(frame);
    long offered = frame.memory().getLong(sizeAddress);
    frame.memory().putLong(sizeAddress, units.length);
    if (Long.compareUnsigned(offered, units.length) < 0) {
      return EfiStatusCode.BUFFER_TOO_SMALL;
    }
    FrameArguments.write(frame, NAME, units);
    writeGuid(frame, vendorGuid);
    return EfiStatusCode.SUCCESS;
  }

  private static void writeGuid(CallFrame frame, EfiGuid vendorGuid) {
    frame.memory().putLong(frame.word(VENDOR_GUID), vendorGuid.wireLow());
    frame.memory().putLong(frame.word(VENDOR_GUID) + Long.BYTES, vendorGuid.wireHigh());
  }
}
