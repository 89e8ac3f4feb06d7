// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonParser;
import io.efirts.api.map.MemoryMap;
import io.efirts.api.plan.VirtualWindow;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.x86.plan.RegionSelection;
import io.efirts.x86.plan.VirtualAddressPlanner;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegionSummaryTest {
  @Test
  void addressesAreHexTextAndCountsNumbers() {
    VirtualWindow window =
        VirtualAddressPlanner.window(0xFFFF_FFFE_FFE0_0000L, 0xFFFF_FFFF_0000_0000L);
    MemoryMap map =
        MemoryMap.of(
            List.of(
                new EfiMemoryDescriptor(-1, 0, 0, 513, 0x8000_0000_0000_0000L),
                new EfiMemoryDescriptor(6, 0x1F5E_C000L, 0, 2, 0x8000_0000_0000_000FL)));
    StringWriter json = new StringWriter();

    JsonOutput.print(
        new PrintWriter(json, true),
        RegionSummary.of(
            VirtualAddressPlanner.topDown(window)
                .plan(map, RegionSelection.RUNTIME)
                .descriptors()));

    assertEquals(
        JsonParser.parseString(
            """
            [
              {"type": 4294967295, "physicalAddress": "0x0", "virtualAddress": "0x0",
               "pages": 513, "attribute": "0x8000000000000000"},
              {"type": 6, "physicalAddress": "0x1f5ec000", "virtualAddress": "0xfffffffefffec000",
               "pages": 2, "attribute": "0x800000000000000f"}
            ]
            """),
        JsonParser.parseString(json.toString()));
  }
}
