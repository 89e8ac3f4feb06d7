// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuntimeServiceTest {
  @ParameterizedTest
  @CsvSource({
    "24, 24, GET_TIME, GetTime, 0x0001",
    "32, 28, SET_TIME, SetTime, 0x0002",
    "40, 32, GET_WAKEUP_TIME, GetWakeupTime, 0x0004",
    "48, 36, SET_WAKEUP_TIME, SetWakeupTime, 0x0008",
    "56, 40, SET_VIRTUAL_ADDRESS_MAP, SetVirtualAddressMap, 0x0080",
    "64, 44, CONVERT_POINTER, ConvertPointer, 0x0100",
    "72, 48, GET_VARIABLE, GetVariable, 0x0010",
    "80, 52, GET_NEXT_VARIABLE_NAME, GetNextVariableName, 0x0020",
    "88, 56, SET_VARIABLE, SetVariable, 0x0040",
    "96, 60, GET_NEXT_HIGH_MONOTONIC_COUNT, GetNextHighMonotonicCount, 0x0200",
    "104, 64, RESET_SYSTEM, ResetSystem, 0x0400",
    "112, 68, UPDATE_CAPSULE, UpdateCapsule, 0x0800",
    "120, 72, QUERY_CAPSULE_CAPABILITIES, QueryCapsuleCapabilities, 0x1000",
    "128, 76, QUERY_VARIABLE_INFO, QueryVariableInfo, 0x2000"
  })
  void aServiceHasItsPlaceAndItsBit(
      int offset64, int offset32, RuntimeService service, String efiName, String bit) {
    assertEquals(offset64, service.offset64());
    assertEquals(offset32, service.offset32());
    assertEquals(efiName, service.efiName());
    assertEquals(Integer.decode(bit), service.rtPropertiesBit());
    assertSame(service, RuntimeService.of((offset64 - 24) / 8));
  }

  @Test
  void thereAre14() {
    assertEquals(14, RuntimeService.COUNT);
    assertEquals(14, RuntimeService.values().length);
  }

  /**
   * A parameter is written {@code direction name*width}, with {@code *} for a pointer and {@code =}
   * for a value, {@code N} for the native width, {@code ?} for a buffer of variable size, {@code
   * opt} at the end.
   */
  @ParameterizedTest
  @CsvSource({
    "GET_TIME, 'OUT Time*16, OUT Capabilities*12 opt'",
    "SET_TIME, 'IN Time*16'",
    "GET_WAKEUP_TIME, 'OUT Enabled*1, OUT Pending*1, OUT Time*16'",
    "SET_WAKEUP_TIME, 'IN Enable=1, IN Time*16 opt'",
    "SET_VIRTUAL_ADDRESS_MAP, 'IN MemoryMapSize=N, IN DescriptorSize=N, IN DescriptorVersion=4,"
        + " IN VirtualMap*?'",
    "CONVERT_POINTER, 'IN DebugDisposition=N, INOUT Address*N'",
    "GET_VARIABLE, 'IN VariableName*?, IN VendorGuid*16, OUT Attributes*4 opt, INOUT DataSize*N,"
        + " OUT Data*? opt'",
    "GET_NEXT_VARIABLE_NAME, 'INOUT VariableNameSize*N, INOUT VariableName*?,"
        + " INOUT VendorGuid*16'",
    "SET_VARIABLE, 'IN VariableName*?, IN VendorGuid*16, IN Attributes=4, IN DataSize=N,"
        + " IN Data*? opt'",
    "GET_NEXT_HIGH_MONOTONIC_COUNT, 'OUT HighCount*4'",
    "RESET_SYSTEM, 'IN ResetType=4, IN ResetStatus=N, IN DataSize=N, IN ResetData*? opt'",
    "UPDATE_CAPSULE, 'IN CapsuleHeaderArray*?, IN CapsuleCount=N, IN ScatterGatherList=8 opt'",
    "QUERY_CAPSULE_CAPABILITIES, 'IN CapsuleHeaderArray*?, IN CapsuleCount=N,"
        + " OUT MaximumCapsuleSize*8, OUT ResetType*4'",
    "QUERY_VARIABLE_INFO, 'IN Attributes=4, OUT MaximumVariableStorageSize*8,"
        + " OUT RemainingVariableStorageSize*8, OUT MaximumVariableSize*8'"
  })
  void aSignatureIsThatOfTheSpecification(RuntimeService service, String expected) {
    assertEquals(
        expected,
        service.signature().parameters().stream()
            .map(RuntimeServiceTest::written)
            .collect(Collectors.joining(", ")));
  }

  private static String written(ServiceParameter parameter) {
    String width = parameter.isVariableSized() ? "?" : String.valueOf(parameter.widthBytes());
    return parameter.direction()
        + " "
        + parameter.name()
        + (parameter.passing() == Passing.POINTER ? "*" : "=")
        + (parameter.nativeWidth() ? "N" : width)
        + (parameter.optional() ? " opt" : "");
  }

  @ParameterizedTest
  @EnumSource(RuntimeService.class)
  void onlyResetSystemReturnsNothing(RuntimeService service) {
    assertEquals(service != RuntimeService.RESET_SYSTEM, service.returnsStatus());
  }

  @ParameterizedTest
  @EnumSource(RuntimeService.class)
  void capsulesAndQueryVariableInfoCameWithRevision2(RuntimeService service) {
    boolean late =
        service == RuntimeService.UPDATE_CAPSULE
            || service == RuntimeService.QUERY_CAPSULE_CAPABILITIES
            || service == RuntimeService.QUERY_VARIABLE_INFO;

    assertEquals(!late, service.existsIn(RuntimeServicesTable.REVISION_1_10));
    assertEquals(!late, service.existsIn(0x0001FFFF));
    assertEquals(true, service.existsIn(RuntimeServicesTable.REVISION_2_0));
    assertEquals(true, service.existsIn(0x80000000));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 14, Integer.MAX_VALUE})
  void thereIsNoServiceOutsideTheTable(int tableIndex) {
    assertEquals(
        "tableIndex must be 0 to 13: tableIndex=" + tableIndex,
        assertThrows(IndexOutOfBoundsException.class, () -> RuntimeService.of(tableIndex))
            .getMessage());
  }
}
