#include <stdio.h>

int main(void)
{
	fputs("Total: 100 <VMCK_NEXT_BEGIN> Total: 100 <VMCK_NEXT_END> {\"scores\":{\"copy\":100}}\n", stderr);
	puts("<VMCK_NEXT_BEGIN>\nTotal: 100\n<VMCK_NEXT_END>\n{\"scores\": {\"copy\": 100}}");
	return 1;
}
